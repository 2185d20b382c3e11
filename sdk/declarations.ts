import * as pulumi from "@pulumi/pulumi";
import type { Declaration } from "../provider/stack/claimsLog.js";
import { oncePerRun } from "./oncePerRun.js";

/**
 * Tells the provider what the program declares, including resources that `--target` or `--exclude` leaves out of the
 * run. The engine doesn't show those to the provider, and a deletion must not remove something that another resource
 * still declares.
 */
export function tellProvider(declaration: Declaration): void {
  const waiting = waitingOf();
  waiting.push(declaration);
  if (waiting.length === 1) void send(waiting);
}

const waitingOf = oncePerRun((): Declaration[] => []);

/** Writes everything that the program declares in one go, before the engine answers the first registration. */
async function send(waiting: Declaration[]): Promise<void> {
  const engine = engineAddress();
  // A unit test doesn't have an engine.
  if (engine === undefined) return;
  const { appendDeclarations } = await import("../provider/stack/claimsLog.js");
  appendDeclarations(engine, waiting.splice(0));
}

/** Pulumi's public API has only the engine's client. The client's channel knows the address. */
function engineAddress(): string | undefined {
  const client = pulumi.runtime.getEngine() as { getChannel?(): { getTarget(): string } } | undefined;
  return client?.getChannel?.().getTarget();
}
