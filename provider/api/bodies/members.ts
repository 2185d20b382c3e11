import * as v from "valibot";
import { apiName } from "../text/apiName.js";
import type { Api } from "../http/client.js";
import { canonicalEmail, emailOf } from "../text/email.js";
import { isInGoneProject } from "../reads/deletedProjects.js";
import { listAll } from "../reads/list.js";

/** A membership of a project or an organization. Enumerations are open sets: an unknown value is no error. */
export const MemberBody = v.object({
  /** `projects/P/members/M` or `organizations/O/members/M` */
  name: apiName("projects/members", "organizations/members"),
  displayName: v.optional(v.string(), ""),
  roles: v.array(v.string()),
  status: v.optional(v.string(), ""),
  email: v.string(),
  accountType: v.optional(v.string(), ""),
  /** Unreliable for members: may be null or 1970. */
  createTime: v.nullish(v.string(), ""),
});
export type MemberBody = v.InferOutput<typeof MemberBody>;

/** All members of a project or an organization. */
export const listMembers = (api: Api, parent: string): Promise<MemberBody[]> =>
  listAll(api, `${parent}/members`, "members", MemberBody);

/** Whether a member of a project is only shown there, being an administrator of its organization. */
export const isInherited = ({ name, roles }: Pick<MemberBody, "name" | "roles">): boolean =>
  name.startsWith("projects/") && roles.some((role) => role.startsWith("roles/organization."));

/** The member of a project or organization with this address, in any spelling. */
export async function findMemberByEmail(
  api: Api,
  parent: string,
  email: string,
): Promise<MemberBody | undefined> {
  if (isInGoneProject(api, parent)) return undefined;
  const wanted = canonicalEmail(email);
  return (await listMembers(api, parent)).find((member) => emailOf(member) === wanted);
}
