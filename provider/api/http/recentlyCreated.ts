import { serverNow } from "./serverClock.js";

/**
 * How long a created object may answer 404 before the 404 is believed, in milliseconds. The API propagates within
 * seconds.
 */
const settlingTime = 10_000;
/**
 * For each object: when it was created, by the server's clock; how long it counts as new, in milliseconds; and when we
 * learned of it, by `performance.now`.
 */
const born = new Map<string, { readonly at: number; readonly isNewFor: number; readonly heardAt: number }>();
const settled = new Set<string>();

/**
 * Notes that an object was just created, so that an early 404 on it is retried.
 *
 * @param name a resource name, or an account's email
 * @param createTime when it was created, RFC 3339; now if undefined
 */
export function noteCreation(name: string, createTime?: string, isNewFor = settlingTime): void {
  const at = createTime === undefined ? serverNow() : Date.parse(createTime);
  // A member that was removed and added again has its old name.
  if (createTime === undefined) settled.delete(name);
  // The server's clock is known only after an answer, so allow a day. A state may hold thousands of older objects.
  if (settled.has(name) || Math.abs(Date.now() - at) >= day) return;
  const known = born.get(name);
  const heardAt = known?.at === at ? known.heardAt : performance.now();
  born.set(name, { at, isNewFor, heardAt });
}
const day = 24 * 3_600_000;

/**
 * Like {@link noteCreation}, for an object in a state. A lookup doesn't have a state, and so it doesn't have a time:
 * the object that it names may never have existed.
 */
export function noteCreationTime(
  name: string,
  createTime: string | undefined,
  isNewFor = settlingTime,
): void {
  if (createTime !== undefined && !isRecent(name))
    noteCreation(name, createTime, Math.min(isNewFor, settlingTime));
}

/** Notes that an object answers now. A later 404 on it is not retried. */
export function noteFound(name: string): void {
  if (born.delete(name)) settled.add(name);
}

/**
 * Whether this object, or one that contains it, was created so recently that a 404 may only mean "not everywhere yet".
 */
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
  // The server's clock may stand still, so the local clock limits the time as well.
  return Math.abs(serverNow() - at) < isNewFor && performance.now() - heardAt < isNewFor;
}
