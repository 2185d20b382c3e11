import { effectiveAccess, type Place } from "../../access/effective.js";
import { milliseconds } from "../../provider/contract/duration.js";
import { factsOf } from "../access/factsOf.js";
import type { StackComparison } from "./compareWithCloud.js";
import type { Named } from "./finding.js";

/** Declared access that exists and ends soon. */
export interface EndingAccess {
  /** The API name of the membership. */
  readonly id: string;
  readonly email: string;
  /** The display name. Untrusted text. */
  readonly displayName: string;
  readonly role: string;
  readonly place: Named;
  /** When it ends, in RFC 3339. */
  readonly until: string;
  /** The URNs of the resources that declare it. */
  readonly resources: readonly string[];
}

/** What ends within a time, the next end first. */
export interface Ending {
  /** A duration such as `14d`. */
  readonly within: string;
  readonly access: readonly EndingAccess[];
}

/** Finds declared access that ends after a date, and within a duration of it. */
export function endingWithin(
  within: string,
  asOf: Date,
  comparison: StackComparison,
  places: readonly Place[],
): Ending {
  const last = asOf.getTime() + milliseconds(within);
  const access = effectiveAccess(factsOf(comparison, places))
    .filter(({ role, through, until }) => role !== "" && through === "" && until !== "")
    .filter(({ until }) => Date.parse(until) > asOf.getTime() && Date.parse(until) <= last)
    .map(({ member, place, role, until, resources }): EndingAccess => ({
      id: `${place.name}/members/${member.id}`,
      email: member.email,
      displayName: member.displayName,
      role,
      place: { name: place.name, displayName: place.displayName },
      until: until.replace(/\.000Z$/, "Z"),
      resources,
    }))
    .sort((a, b) => Date.parse(a.until) - Date.parse(b.until) || (a.id < b.id ? -1 : 1));
  return { within, access };
}
