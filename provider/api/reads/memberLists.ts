import { MemberBody } from "../bodies/members.js";
import type { Api } from "../http/client.js";
import { canonicalEmail, emailOf } from "../text/email.js";
import { assertGone } from "./find.js";
import { isInGoneProject } from "./deletedProjects.js";
import { listAll } from "./list.js";

/** All members of a project or an organization. */
export const listMembers = (api: Api, parent: string): Promise<MemberBody[]> =>
  listAll(api, `${parent}/members`, "members", MemberBody);

/** All members. Undefined if the API proves that the project or organization is gone. */
export async function listMembersIfAny(api: Api, parent: string): Promise<MemberBody[] | undefined> {
  try {
    return await listMembers(api, parent);
  } catch (error) {
    await assertGone(api, parent, error);
    return undefined;
  }
}

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
