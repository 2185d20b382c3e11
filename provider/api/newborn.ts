/** How long a created thing may answer 404 before that is believed, in milliseconds. The API propagates within seconds. */
const settlingTime = 10_000;
const born = new Map<string, number>();
const settled = new Set<string>();

/** Notes that a thing (a resource name, or an account's email) was just created (now, or at `createTime` by RFC 3339), so that an early 404 on it is waited for. */
export function announce(name: string, createTime?: string): void {
  const time = createTime === undefined ? Date.now() : Date.parse(createTime);
  const age = Date.now() - time;
  // A member that left and came back bears its old name.
  if (createTime === undefined) settled.delete(name);
  if (!settled.has(name) && age > -settlingTime && age < settlingTime) born.set(name, time);
}

/** The same of a thing that a state tells of. A look-up has no state: what it names may never have existed. */
export function recall(name: string, createTime: string | undefined): void {
  if (createTime !== undefined) announce(name, createTime);
}

/** Notes that a thing answers by now: a later 404 on it is no matter of patience. */
export function settle(name: string): void {
  if (born.delete(name)) settled.add(name);
}

/** Whether this name, or one above it, was created so recently that a 404 may only mean "not everywhere yet". */
export function isNewborn(path: string): boolean {
  if (isRecent(path)) return true;
  const parts = path.split("/");
  for (let length = parts.length; length >= 2; length -= 2) {
    if (isRecent(parts.slice(0, length).join("/"))) return true;
  }
  return false;
}

const isRecent = (name: string): boolean => Date.now() - (born.get(name) ?? -Infinity) < settlingTime;
