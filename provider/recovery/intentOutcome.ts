import { isAccountedFor, isOnlyOne, type Intent } from "./journal.js";

/** Whether something that is there may be what an operation was creating. */

/** How long after its beginning a creation may still have come about, in milliseconds. */
const window = 10 * 60_000;

/** Whether nothing can come of it any more that has not come yet. */
export const isOver = ({ startedAt }: Intent): boolean => Date.now() - startedAt > window;

/**
 * Whether something that was created at `createTime` may be what `intent` was about: not older, not much younger, and known to be
 * nobody else's. A time of null or 1970, as the API has for some members, tells nothing.
 *
 * @param doneAt when the creation was over, by our clock, where that is known
 */
export function mayBeOf(
  { startedAt, ahead, before }: Intent,
  { name, createTime }: Created,
  doneAt = startedAt + window,
): boolean {
  if (before.includes(name) || isAccountedFor(name)) return false;
  const time = Date.parse(createTime) - ahead;
  return !(Date.parse(createTime) > aYear) || (time > startedAt - blur && time < doneAt + blur);
}
/** The server's clock is known to the second, as its Date header is; in milliseconds. */
const blur = 2000;
const aYear = 365 * 24 * 3_600_000;

interface Created {
  readonly name: string;
  readonly createTime: string;
}

/** Whether nothing else that is open may be about something that may be what `intent` was about. */
export const isOnlyOf = (intent: Intent, thing: Created): boolean =>
  isOnlyOne(intent, (other) => mayBeOf(other, thing));
