import { keyOf, type Access, type Member, type Place } from "./effective.js";
import { canGrant, compareRoles, isBroadening, type RoleChange } from "./roles.js";

/** What changes for one member in one place. */
export interface AccessChange {
  readonly member: Member;
  readonly place: Place;
  /** Roles such as `roles/project.user`. Empty: no access. */
  readonly before: string;
  readonly after: string;
  /** `longer` and `shorter`: the role stays, and the day on which it ends changes. */
  readonly change: Exclude<RoleChange, "same"> | "longer" | "shorter";
  /** When the access ends after the change; RFC 3339. Empty: never. */
  readonly until: string;
  readonly untilBefore: string;
  /** Whether the member gets more than before. */
  readonly isBroadening: boolean;
  /** Whether the member can give access to others after the change, and could not do so, or not as much, before. */
  readonly isAdmin: boolean;
  /** The URNs of the resources that declare the access, before or after. */
  readonly resources: readonly string[];
}

/**
 * Compares who has access before and after. Leaves out what follows from the administration of an organization: the
 * change of that says it.
 */
export function compareAccess(before: readonly Access[], after: readonly Access[]): AccessChange[] {
  const [old, fresh] = [byMemberAndPlace(before), byMemberAndPlace(after)];
  const keys = [...new Set([...old.keys(), ...fresh.keys()])];
  return keys.flatMap((key) => changeOf(old.get(key), fresh.get(key)) ?? []);
}

function changeOf(old: Access | undefined, fresh: Access | undefined): AccessChange | undefined {
  const present = fresh ?? old;
  if (present === undefined) return undefined;
  const [before, after] = [old?.role ?? "", fresh?.role ?? ""];
  // The end of an access that does not exist is nobody's loss.
  const [untilBefore, until] = [endOf(old), endOf(fresh)];
  const role = compareRoles(before, after);
  const change = role === "same" ? compareEnds(untilBefore, until) : role;
  if (change === "same") return undefined;
  const broadens = change === "longer" || (change !== "shorter" && isBroadening(change));
  return {
    member: present.member,
    place: present.place,
    ...{ before, after, change, until, untilBefore },
    isBroadening: broadens,
    isAdmin: broadens && canGrant(after),
    resources: [...new Set([...(old?.resources ?? []), ...(fresh?.resources ?? [])])],
  };
}

const endOf = (access: Access | undefined): string =>
  access === undefined || access.role === "" ? "" : access.until;

function compareEnds(before: string, after: string): "same" | "longer" | "shorter" {
  const [from, to] = [before, after].map((time) => (time === "" ? Infinity : Date.parse(time)));
  if (from === to || from === undefined || to === undefined) return "same";
  return to > from ? "longer" : "shorter";
}

function byMemberAndPlace(all: readonly Access[]): Map<string, Access> {
  const direct = all.filter(({ through }) => through === "");
  return new Map(direct.map((access) => [`${access.place.name} ${keyOf(access.member)}`, access]));
}
