import { isAccountedFor, isOnlyOne, type Intent } from "./journal.js";

/** Decides whether an existing thing may be the outcome of an intent. */

/** How long after its start an operation may still create its thing, in milliseconds. */
const window = 10 * 60_000;

/** Whether the intent can no longer create anything that does not exist yet. */
export const isOver = ({ startedAt }: Intent): boolean => Date.now() - startedAt > window;

/**
 * Whether `intent` may have created a thing: the thing is not older, not much younger, and nothing else accounts for
 * it. Ignores a `createTime` of null or 1970, which the API has for some members.
 *
 * @param doneAt when the creation was over, by the local clock, in milliseconds since the epoch, if known
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
/** The precision of the server's clock, in milliseconds. Its Date header has only full seconds. */
const blur = 2000;
const aYear = 365 * 24 * 3_600_000;

interface Created {
  readonly name: string;
  readonly createTime: string;
}

/** Whether no other open intent may have created the thing. */
export const isOnlyOf = (intent: Intent, thing: Created): boolean =>
  isOnlyOne(intent, (other) => mayBeOf(other, thing));
