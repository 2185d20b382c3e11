import { emailOf } from "../api/text/email.js";
import type { MemberBody } from "../api/bodies/members.js";
import { listMembers } from "../api/reads/memberLists.js";
import { notice } from "../api/text/notice.js";
import { isDeclared } from "../stack/claims.js";
import { type Present } from "./membership.js";
import { roleOf, rolesOf, type Grant } from "./membershipOutputs.js";
import { adviceFor, ofHolder } from "../stack/renames.js";
import type { Session } from "../session/session.js";
import { nameIn } from "../stack/urns.js";

/** The messages of `adopt` about memberships: the error, the preview and the result. */

/**
 * The error if an email is already a member and `adopt` is not set. Without this error, a later destroy could remove
 * access that somebody else granted.
 */
export function alreadyMember({ parent, member }: Grant, { present, holder }: Present, urn: string): Error {
  const what = `${member} is already a member of ${parent}, as ${rolesOf(present)}`;
  if (holder !== undefined && isDeclared(holder)) {
    return new Error(
      `${what}, and "${nameIn(holder.urn)}" of this program holds that membership. If "${nameIn(holder.urn)}" moves on to another member in this run, set adopt: true on this resource. Otherwise keep one of the two: each would remove the membership from the other`,
    );
  }
  return new Error(
    holder === undefined
      ? `${what}. If you have renamed or moved this resource, give it the option aliases: [{ name: "its old name" }]. To manage a membership that was made elsewhere, set adopt: true, or remove it there first`
      : `${what}, and "${nameIn(holder.urn)}" of this stack holds that membership. If you have renamed or moved the resource, ${adviceFor(holder.urn, urn)}. To move it without an alias, set adopt: true`,
  );
}

/** Prints the membership that `adopt` has adopted. */
export function reportAdoption(
  { parent, member }: Grant,
  { present, holder }: Present,
  body: MemberBody,
  urn: string,
): void {
  // A replacement keeps its own membership, so it has adopted nothing.
  if (holder?.urn === urn) return;
  const change =
    rolesOf(body) === rolesOf(present)
      ? ""
      : `, and changed its role from ${rolesOf(present)} to ${rolesOf(body)}`;
  notice(`adopted the membership of ${member} in ${parent}${change}${ofHolder(holder, urn)}`);
}

/** Prints that `adopt` has found nobody. Otherwise a person who has left would be invited again without a notice. */
export function reportNothingToAdopt({ parent, member }: Grant, { status }: MemberBody): void {
  const outcome = status === "PENDING" ? "invited" : "added";
  notice(`adopt: ${member} was not a member of ${parent} (or no longer is), so this run has ${outcome} them`);
}

/** Prints, in a preview, which membership `adopt` will adopt. */
export async function announceMembershipAdoption(
  { parent, member, role }: Grant,
  { api }: Session,
): Promise<void> {
  const present = (await membersOf(api, parent)).find((body) => emailOf(body) === member);
  if (present === undefined) {
    notice(`adopt: ${member} is not a member of ${parent}, so they will be added as ${nameOfRole(role)}`);
    return;
  }
  const change = roleOf(present) === role ? "" : `, and will change the role to ${nameOfRole(role)}`;
  notice(`adopt: will adopt ${present.name} (${member}), as ${rolesOf(present)}${change}`);
}

const nameOfRole = (role: string): string => role.replace(/^roles\//, "");

/** Lists the members of a place once per process, for all announcements. */
function membersOf(api: Session["api"], parent: string): Promise<readonly MemberBody[]> {
  const lists = announced.get(api) ?? new Map<string, Promise<readonly MemberBody[]>>();
  announced.set(api, lists);
  const list = lists.get(parent) ?? listMembers(api, parent);
  lists.set(parent, list);
  return list;
}
const announced = new WeakMap<Session["api"], Map<string, Promise<readonly MemberBody[]>>>();
