import { AsyncLocalStorage } from "node:async_hooks";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { sendNoticesTo } from "../provider/api/text/notice.js";
import { engine } from "../provider/machine/deployment.js";

/** The engine shows nothing that a plugin prints, so notices go to its log. */

const resource = new AsyncLocalStorage<string>();
const pending = new Set<Promise<void>>();
let client: { readonly address: string; readonly engine: EngineClient } | undefined;

/** Sends all notices to the engine's log, with the resource whose call is at work. */
export function logNotices(): void {
  sendNoticesTo((line) => log(line));
}

/** Runs a call about a resource. Ends after the engine has all notices of the call. */
export async function about<T>(urn: string, work: () => Promise<T>): Promise<T> {
  try {
    return await resource.run(urn, work);
  } finally {
    await Promise.all(pending);
  }
}

export function log(message: string, severity: "info" | "warning" = "info"): void {
  const address = engine();
  if (address === "") return;
  const request = new LogRequest();
  request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
  request.setUrn(resource.getStore() ?? "");
  request.setMessage(message);
  const sent = new Promise<void>((resolve) => {
    // A notice that the engine does not take is lost. That must not stop the operation.
    clientOf(address).log(request, { deadline: Date.now() + patience } as never, () => resolve());
  });
  pending.add(sent);
  void sent.then(() => pending.delete(sent));
}

/** The engine is on this machine, so a proxy in the environment is not the way to it. */
const options = { "grpc.enable_http_proxy": 0 };

/** How long the engine may take to accept a notice, in milliseconds. */
const patience = 2000;

function clientOf(address: string): EngineClient {
  if (client?.address !== address)
    client = { address, engine: new EngineClient(address, credentials.createInsecure(), options) };
  return client.engine;
}
