import { organizationAdmin, rankOf } from "../provider/api/text/roles.js";

/**
 * How a role changes. `different`: one of the two roles is not known to this version, so either of them may give more.
 */
export type RoleChange = "same" | "new" | "gone" | "broader" | "narrower" | "different";

/**
 * Compares what a member can do before and after a change.
 *
 * @param before a role such as `roles/project.user`. Empty: no access
 */
export function compareRoles(before: string, after: string): RoleChange {
  if (before === after) return "same";
  if (before === "") return "new";
  if (after === "") return "gone";
  const [from, to] = [rankOf(before), rankOf(after)];
  if (from < 0 || to < 0) return "different";
  return to > from ? "broader" : "narrower";
}

/** Whether a change may give a member more than before. */
export const isBroadening = (change: RoleChange): boolean =>
  change === "new" || change === "broader" || change === "different";

/** Whether a role can give access to others: the administration of a project or an organization. */
export const canGrant = (role: string): boolean =>
  role === "roles/project.admin" || role === organizationAdmin;
