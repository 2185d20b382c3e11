import {
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { shorten } from "../provider/api/text/foreignText.js";
import { redact } from "../provider/api/text/redact.js";
import { doors, packageName, typeInUrn } from "../provider/stack/doors.js";
import { about } from "./engineLog.js";
import { failure, isFailure, type Failure } from "./failures.js";
import { kinds } from "./kinds.js";
import { providerMethods } from "./providerMethods.js";
import { resourceMethods } from "./resourceMethods.js";
import type { Served } from "./served.js";

/** How many calls are at work. */
let working = 0;
export const isWorking = (): boolean => working > 0;

/**
 * Starts the server on a free port of this machine.
 *
 * @returns the port
 */
export function listen(): Promise<number> {
  const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new Server(unlimited);
  server.addService(ResourceProviderService, implementation());
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function implementation(): UntypedServiceImplementation {
  const provider = Object.entries(providerMethods).map(([name, method]) => [
    name,
    unary((request: Request) => Promise.resolve(method(request as never))),
  ]);
  const resources = Object.entries(resourceMethods).map(([name, method]) => [
    name,
    unary((request: Request) =>
      Promise.resolve(method(servedOf(request.getUrn?.() ?? ""), request as never)),
    ),
  ]);
  const missing = ["parameterize", "call", "construct"].map((name) => [
    name,
    unary(() => Promise.reject(failure(`${packageName} does not serve ${name}`, status.UNIMPLEMENTED))),
  ]);
  const list = (call: { emit(event: "error", error: Failure): void }): void =>
    call.emit("error", failure(`${packageName} does not serve list`, status.UNIMPLEMENTED));
  return Object.fromEntries([...provider, ...resources, ...missing, ["list", list]]) as never;
}

interface Request {
  getUrn?(): string | undefined;
}

function unary(answer: (request: Request) => Promise<unknown>): handleUnaryCall<Request, unknown> {
  return (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>) => {
    working++;
    about(call.request.getUrn?.() ?? "", () => answer(call.request))
      .finally(() => working--)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(asFailure(error)),
      );
  };
}

function asFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  return failure(shorten(redact(error instanceof Error ? error.message : String(error))));
}

function servedOf(urn: string): Served {
  const type = typeInUrn(urn);
  const [, served] = Object.entries(kinds()).find(([kind]) => type === `${doors.plugin.types}${kind}`) ?? [];
  if (served === undefined) throw failure(`${packageName} ${PACKAGE_VERSION} has no resource ${type}`);
  return served;
}
