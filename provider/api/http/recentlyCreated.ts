import { serverNow } from "./serverClock.js";

/** How long a created thing may answer 404 before that is believed, in milliseconds. The API propagates within seconds. */
const settlingTime = 10_000;
/** When things were created, by the server's clock; how long that is new, in milliseconds; and when we heard of it, by `performance.now`. */
const born = new Map<string, { readonly at: number; readonly isNewFor: number; readonly heardAt: number }>();
const settled = new Set<string>();

/** Notes that a thing (a resource name, or an account's email) was just created (now, or at `createTime` by RFC 3339), so that an early 404 on it is waited for. */
export function noteCreation(name: string, createTime?: string, isNewFor = settlingTime): void {
  const at = createTime === undefined ? serverNow() : Date.parse(createTime);
  // A member that left and came back bears its old name.
  if (createTime === undefined) settled.delete(name);
  // How far the server's clock is off is known only once it has answered; a state may hold thousands that are old by any clock.
  if (settled.has(name) || Math.abs(Date.now() - at) >= day) return;
  const known = born.get(name);
  const heardAt = known?.at === at ? known.heardAt : performance.now();
  born.set(name, { at, isNewFor, heardAt });
}
const day = 24 * 3_600_000;

/** The same of a thing that a state tells of. A look-up has no state: what it names may never have existed. */
export function noteCreationTime(
  name: string,
  createTime: string | undefined,
  isNewFor = settlingTime,
): void {
  if (createTime !== undefined && !isRecent(name))
    noteCreation(name, createTime, Math.min(isNewFor, settlingTime));
}

/** Notes that a thing answers by now: a later 404 on it is no matter of patience. */
export function noteFound(name: string): void {
  if (born.delete(name)) settled.add(name);
}

/** Whether this name, or one above it, was created so recently that a 404 may only mean "not everywhere yet". */
export function isRecentlyCreated(path: string): boolean {
  if (isRecent(path)) return true;
  const parts = path.split("/");
  for (let length = parts.length; length >= 2; length -= 2) {
    if (isRecent(parts.slice(0, length).join("/"))) return true;
  }
  return false;
}

function isRecent(name: string): boolean {
  const { at, isNewFor, heardAt } = born.get(name) ?? { at: NaN, isNewFor: 0, heardAt: 0 };
  // A server's clock may stand still: then ours says how long is long enough.
  return Math.abs(serverNow() - at) < isNewFor && performance.now() - heardAt < isNewFor;
}
