import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How often to look, in calls. */
const every = 100;
/** How much may gather before it is collected, in bytes; more in a process that is large anyhow. */
const least = 12_000_000;

let calls = 0;
/** Old memory in use after the last collection, or at the first look; in bytes. */
let after: number | undefined;
let collect: (() => void) | undefined;

/**
 * Keeps the provider's process small, where the engine asks for thousands of things. A call that is under way while V8 clears its young
 * generation twice becomes old, and what becomes old holds on to what the calls after it leave, until a full collection. V8 puts that
 * off, the longer the more there is; so it is asked for.
 */
export function collectGarbage(): void {
  if (calls++ % every !== 0) return;
  after ??= oldBytes();
  if (oldBytes() - after < Math.max(least, after / 2)) return;
  collect ??= collector();
  collect();
  after = oldBytes();
}

const oldBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === "old_space")?.space_used_size ?? 0;

/** V8's own function, which only contexts have that are made while this flag is set. Where there is none, V8 decides. */
function collector(): () => void {
  try {
    setFlagsFromString("--expose-gc");
    return runInNewContext("gc") as () => void;
  } catch {
    return () => undefined;
  } finally {
    setFlagsFromString("--no-expose-gc");
  }
}
