import { InvalidInput, type Check } from "./resource.js";

/** When access ends: a date, such as `2027-01-31`, or a time in RFC 3339. These are pure functions. */

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const time = /^(\d{4}-\d\d-\d\d)t([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

const day = 24 * 3_600_000;

/**
 * How far a clock may be behind an earlier one, in milliseconds. Access that has ended does not come back because the
 * clock of this run is a little behind that of the last run: a person would get a second invitation.
 */
const clockTolerance = 5 * 60_000;

/**
 * The moment at which access ends. A date ends at the end of that day, in UTC.
 *
 * @throws InvalidInput if `expires` is neither a date nor a time in RFC 3339, or if its day does not exist
 */
export function endOf(expires: string): Date {
  const text = expires.trim();
  if (isDay(text)) return new Date(Date.parse(text) + day);
  const [, itsDay = "", , fraction = ""] = time.exec(text) ?? [];
  if (!isDay(itsDay)) {
    throw new InvalidInput(
      `must be a date, such as 2027-01-31, or a time in RFC 3339, such as 2027-01-31T17:00:00Z, not ${JSON.stringify(expires).slice(0, 40)}`,
    );
  }
  // A JavaScript date has milliseconds. More precise times are rounded up, so that access does not end early.
  const digits = fraction.slice(1).padEnd(3, "0");
  const milliseconds = Number(digits.slice(0, 3)) + (/[1-9]/.test(digits.slice(3)) ? 1 : 0);
  return new Date(Date.parse(text.replace(fraction, "").toUpperCase()) + milliseconds);
}

/** Whether a text is a date or a time in RFC 3339, so that `endOf` doesn't throw. */
export function isValidEnd(expires: string): boolean {
  try {
    endOf(expires);
    return true;
  } catch {
    return false;
  }
}

/** Whether access has ended at a time: at its end, or later. */
export const isExpired = (expires: string, asOf: Date): boolean => asOf.getTime() >= endOf(expires).getTime();

/** The input `expires` in its canonical spelling. A date stays a date. A time is in UTC. */
export const optionalExpiry: Check<string | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw new InvalidInput("must be a string, such as 2027-01-31");
  const end = endOf(value);
  const text = value.trim();
  return date.test(text) ? text : end.toISOString().replace(".000Z", "Z");
};

/** The parts of a binding that decide about the end of its access. */
export interface Ending {
  readonly expires?: string | undefined;
}

/** The recorded state of a binding. */
export interface RecordedEnding extends Ending {
  /** Whether the access has ended. Absent in states of earlier versions. */
  readonly expired?: boolean | undefined;
}

/**
 * Decides whether a binding grants nothing at a date. A preview and an update with the same date agree.
 *
 * @param state the recorded state of the binding; leave it out if there is none
 */
export function hasEnded({ expires }: Ending, asOf: Date, state: RecordedEnding = {}): boolean {
  if (expires === undefined) return false;
  const hasEndedBefore = state.expired === true && state.expires === expires;
  return isExpired(expires, hasEndedBefore ? new Date(asOf.getTime() + clockTolerance) : asOf);
}

/** Whether a text is a day of the calendar. JavaScript turns 2027-02-30 into a day of March. */
function isDay(text: string): boolean {
  if (!date.test(text)) return false;
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
