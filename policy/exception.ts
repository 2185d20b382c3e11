import { canonicalEmail } from "../provider/api/text/email.js";

/** Temporarily allows something that a policy forbids. */
export interface Exception {
  /** A resource's name, an email or a display name, depending on the policy. Case and Unicode form don't matter. */
  readonly who: string;
  /** The reason, for people who read the policy pack. */
  readonly reason: string;
  /** The last day of the exception, in UTC: `YYYY-MM-DD`. */
  readonly until: string;
}

/**
 * Checks whether an exception exists for one of the names. Returns the objection, or undefined if there is an
 * exception.
 */
export type Permit = (...names: readonly (string | undefined)[]) => string | undefined;

/**
 * @param asOf the date to compare with the exceptions' last days
 * @throws TypeError if an exception lacks a reason or a date
 */
export function permit(exceptions: readonly Exception[], asOf: () => Date): Permit {
  for (const exception of exceptions) assertComplete(exception);
  return (...names) => {
    const known = new Set(names.map((name) => name && canonicalEmail(name)));
    const found = exceptions.filter(({ who }) => known.has(canonicalEmail(who)));
    if (found.length === 0) return "there is no exception for it";
    if (found.some((exception) => isOpen(exception, asOf()))) return undefined;
    return found.map(({ reason, until }) => `its exception ended on ${until} (${reason})`).join("; ");
  };
}

const isOpen = ({ until }: Exception, now: Date): boolean => now.toISOString().slice(0, 10) <= until;

function assertComplete({ who, reason, until }: Exception): void {
  if (who.trim() === "") throw new TypeError("an exception must say who it is for");
  if (reason.trim() === "") throw new TypeError(`the exception for ${who} has no reason`);
  const day = /^\d{4}-\d\d-\d\d$/.test(until) ? Date.parse(until) : NaN;
  if (Number.isNaN(day))
    throw new TypeError(`the exception for ${who} ends on "${until}", which is not a date (YYYY-MM-DD)`);
}

/** The current date, or the date in `DT_AS_OF`, for rehearsals. @throws TypeError if `DT_AS_OF` isn't a date */
export function today(environment: NodeJS.ProcessEnv = process.env): Date {
  const { DT_AS_OF: text } = environment;
  const date = text ? new Date(text) : new Date();
  if (Number.isNaN(date.getTime())) throw new TypeError(`DT_AS_OF is not a date: "${String(text)}"`);
  return date;
}
