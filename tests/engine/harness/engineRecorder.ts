import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterwards } from "./scratch";

/** The part of the engine that plugins call: it records what they log. */
export interface EngineRecorder {
  readonly address: string;
  readonly logged: { severity: string; urn: string; message: string }[];
  close(): void;
}

export async function startEngineRecorder(): Promise<EngineRecorder> {
  const logged: EngineRecorder["logged"] = [];
  const server = new Server();
  server.addService(EngineService, {
    log({ request }: ServerUnaryCall<LogRequest, Empty>, done: sendUnaryData<Empty>) {
      const [severity = ""] =
        Object.entries(LogSeverity).find(([, value]) => value === request.getSeverity()) ?? [];
      logged.push({ severity, urn: request.getUrn(), message: request.getMessage() });
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const close = () => server.forceShutdown();
  afterwards(close);
  return { address: `127.0.0.1:${port}`, logged, close };
}
