import type { Access, Member, Place } from "../../access/effective.js";
import type { Accepted } from "../findings/baseline.js";
import type { Finding } from "../findings/finding.js";

/**
 * How something relates to the declarations.
 *
 * - `undeclared`: exists, but is not declared
 * - `replaced`: another member has the declared email
 * - `changed`: declared, but with another role, name or authentication
 * - `missing`: declared, but does not exist
 * - `expired`: declared, but its end is over
 * - `unread`: declared, but it could not be read
 * - `unchecked`: exists, but nothing is declared around it, so `drift` does not compare it
 * - `accepted`: not declared, but accepted by the baseline
 * - `listed`: not declared, but allowed by a list of members
 * - `self`: belongs to the identity that Pulumi runs as
 * - `inherited`: access to a project by the administration of its organization
 * - `leaving`: the next `pulumi up` deletes it
 * - `declared`: as declared
 */
export type Standing = (typeof standings)[number];

/** All standings, the most dangerous first. */
export const standings = [
  "undeclared",
  "replaced",
  "changed",
  "expired",
  "missing",
  "unread",
  "unchecked",
  "accepted",
  "listed",
  "self",
  "inherited",
  "leaving",
  "declared",
] as const;

/** What the comparison says about API names. */
export interface Verdicts {
  readonly findings: readonly Finding[];
  readonly accepted: readonly Accepted[];
  readonly isAccountedFor: (name: string) => boolean;
}

/** Returns a function that tells the standing of an account or a key by its API name. */
export function standingsOf({ findings, accepted, isAccountedFor }: Verdicts): (name: string) => Standing {
  const byName = new Map(findings.map((finding) => [finding.id, ofClass[finding.class]]));
  const names = new Set(accepted.map(({ id }) => id));
  return (name) =>
    byName.get(name) ?? (names.has(name) ? "accepted" : isAccountedFor(name) ? "declared" : "unchecked");
}

/**
 * Returns a function that tells the standing of access. The findings decide, so a report never counts otherwise than
 * `drift`.
 *
 * @param unreadPlaces places whose members could not be read
 * @param uncheckedPlaces places that were read, but not compared
 */
export function accessStandings(
  { findings, accepted, isAccountedFor }: Verdicts,
  unreadPlaces: ReadonlySet<string>,
  uncheckedPlaces: ReadonlySet<string>,
): (access: Access) => Standing {
  const findingOf = accessFindings(findings);
  const names = new Set(accepted.map(({ id }) => id));
  return (access) => {
    const name = membershipName(access);
    const said = ofClass[findingOf(access)?.class ?? ""];
    if (access.through !== "") return "inherited";
    if (said !== undefined) return said;
    if (access.role === "") return unreadPlaces.has(access.place.name) ? "unread" : "missing";
    if (access.resources.length > 0) return "declared";
    if (names.has(name)) return "accepted";
    if (isAccountedFor(name)) return "leaving";
    return uncheckedPlaces.has(access.place.name) ? "unchecked" : "listed";
  };
}

/** What identifies access. */
export interface AccessKey extends Pick<Access, "role" | "through" | "resources"> {
  readonly member: Pick<Member, "id">;
  readonly place: Pick<Place, "name">;
}

/** Returns a function that tells the finding about access. */
export function accessFindings(findings: readonly Finding[]): (access: AccessKey) => Finding | undefined {
  const memberships = findings.filter(({ kind }) => kind === "membership");
  const byName = new Map(memberships.flatMap((finding) => namesIn(finding).map((name) => [name, finding])));
  // A membership that does not exist has no API name.
  const byResource = new Map(
    memberships.flatMap((finding) => finding.resources.map((urn) => [urn, finding])),
  );
  return (access) => {
    if (access.through !== "") return undefined;
    const named = byName.get(membershipName(access));
    return named ?? (access.role === "" ? byResource.get(access.resources[0] ?? "") : undefined);
  };
}

/** A finding about a replaced member also names the member that has its email now. */
const namesIn = ({ id, class: name, changes }: Finding): string[] =>
  name === "replaced" ? [id, ...changes.map(({ actual }) => String(actual))] : [id];

/** The API name of a membership. */
const membershipName = ({ place, member }: AccessKey): string => `${place.name}/members/${member.id}`;

const ofClass: Partial<Record<string, Standing>> = {
  unmanaged: "undeclared",
  replaced: "replaced",
  changed: "changed",
  missing: "missing",
  unread: "unread",
  expired: "expired",
  self: "self",
};
