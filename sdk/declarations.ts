import * as pulumi from "@pulumi/pulumi";
import type { Declaration } from "../provider/stack/claimsLog.js";
import { perRun } from "./perRun.js";

/**
 * Tells the provider what the program declares, also what `--target` or `--exclude` leaves out of the run: the engine shows the
 * provider none of that, and a deletion must not take away what a resource of the program declares under another name.
 */
export function tellProvider(declaration: Declaration): void {
  const waiting = waitingOf();
  waiting.push(declaration);
  if (waiting.length === 1) void send(waiting);
}

const waitingOf = perRun((): Declaration[] => []);

/** All that the program declares at once goes in one write. It comes before the engine has answered the first registration. */
async function send(waiting: Declaration[]): Promise<void> {
  const engine = engineAddress();
  // A unit test has no engine.
  if (engine === undefined) return;
  const { appendDeclarations } = await import("../provider/stack/claimsLog.js");
  appendDeclarations(engine, waiting.splice(0));
}

/** Pulumi's public interface has the client of the engine only; the address is that of its channel. */
function engineAddress(): string | undefined {
  const client = pulumi.runtime.getEngine() as { getChannel?(): { getTarget(): string } } | undefined;
  return client?.getChannel?.().getTarget();
}
