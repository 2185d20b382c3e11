import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { PartlyDone } from "../provider/lifecycle/recording.js";
import { toStruct } from "./values.js";

/** An error as gRPC carries it. */
export type Failure = Pick<ServiceError, "code" | "details" | "metadata"> & Error;

const failures = new WeakSet<object>();

export function failure(message: string, code = status.UNKNOWN, metadata = new Metadata()): Failure {
  const made = Object.assign(new Error(message), { code, details: message, metadata });
  failures.add(made);
  return made;
}

/** Whether {@link failure} has made an error. Other errors may have a code of another meaning. */
export const isFailure = (error: unknown): error is Failure =>
  typeof error === "object" && error !== null && failures.has(error);

/** Tells the engine what a partly done operation has made, so that it records the state. */
export function partialFailure(
  { id, state, reason }: PartlyDone<object, object>,
  secrets: ReadonlySet<string>,
): Failure {
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(state, secrets));
  detail.setReasonsList([reason]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(reason);
  answer.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return failure(reason, status.UNKNOWN, metadata);
}
