import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The number of calls between two checks of the heap. */
const every = 100;
/** The least growth of old memory that causes a collection, in bytes. A large process may grow more. */
const least = 12_000_000;

let calls = 0;
/** Old memory in use after the last collection, or at the first check; in bytes. */
let after: number | undefined;
let collect: (() => void) | undefined;

/**
 * Keeps the provider's process small when the engine makes thousands of calls. V8 moves the objects of a running call
 * to old memory after two collections of young memory. There they keep the garbage of later calls alive until a full
 * collection. The larger the heap, the longer V8 delays that, so this function starts one.
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

/**
 * Gets V8's `gc` function. It exists only in contexts that are created while this flag is set. Without the function, V8
 * decides when to collect.
 */
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
