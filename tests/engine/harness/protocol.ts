import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

export type Properties = Record<string, unknown>;

/** The engine sets no limit. A call that hangs because of a thrown value must not hang the test. */
const DEADLINE_MS = 30_000;

/** A create or update that failed after it had created something. The engine records the resource. */
export class PartialFailure extends Error {
  override name = "PartialFailure";
  constructor(
    readonly id: string,
    /** The properties as the engine saves them, with `__provider`. */
    readonly properties: Properties,
    readonly reasons: string[],
  ) {
    super(reasons.join("\n"));
  }
}

/** The partial failure that a call ends in. @throws Error if it ends otherwise */
export async function partialFailureOf(work: Promise<unknown>): Promise<PartialFailure> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof PartialFailure) return outcome;
  throw new Error("the call did not fail in part", { cause: outcome });
}

/**
 * Makes one call.
 *
 * @throws Error with the text that a user would see; a {@link PartialFailure} if the engine would record
 * something
 */
export function call<Response>(
  start: (done: (error: ServiceError | null, response: Response) => void) => { cancel(): void },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = start((error, response) => {
      clearTimeout(timer);
      if (error) reject(partialFailure(error) ?? new Error(error.details, { cause: error }));
      else resolve(response);
    });
    const timer = setTimeout(() => {
      request.cancel();
      reject(new Error(`the provider did not answer within ${DEADLINE_MS / 1000} s`));
    }, DEADLINE_MS);
  });
}

function partialFailure(error: ServiceError): PartialFailure | undefined {
  const [encoded] = error.metadata.get("grpc-status-details-bin");
  if (encoded === undefined) return undefined;
  const [detail] = Status.deserializeBinary(Buffer.from(encoded)).getDetailsList();
  const failed = detail?.unpack(
    (bytes) => ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (!failed) return undefined;
  return new PartialFailure(failed.getId(), fromStruct(failed.getProperties()), failed.getReasonsList());
}

/** Keeps only JSON values. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}

export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}
