import { canonicalEmail } from "../provider/api/text/email.js";

/** Something that a policy would forbid, and why it may be so for a while. */
export interface Exception {
  /** A resource's name, an email or a display name, as the policy says; in any case of letters and any Unicode spelling. */
  readonly who: string;
  /** Why it is right, for whoever reads the policy pack. */
  readonly reason: string;
  /** The last day on which that holds (UTC), `YYYY-MM-DD`: exceptions end. */
  readonly until: string;
}

/** Says of any of some names whether they are allowed: undefined, or what there is to say against it. */
export type Permit = (...names: readonly (string | undefined)[]) => string | undefined;

/**
 * @param asOf the moment to judge by
 * @throws TypeError where an exception has no reason, or no date
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

/** Now; or what `DT_AS_OF` says, for rehearsals. @throws TypeError where that is no date */
export function today(environment: NodeJS.ProcessEnv = process.env): Date {
  const { DT_AS_OF: text } = environment;
  const date = text ? new Date(text) : new Date();
  if (Number.isNaN(date.getTime())) throw new TypeError(`DT_AS_OF is not a date: "${String(text)}"`);
  return date;
}
