import type { Api } from "../api/http/client.js";
import { listProjects } from "../api/reads/organizationLists.js";
import { canonicalEmail } from "../api/text/email.js";
import { ApiError } from "../api/http/errors.js";
import { listAll } from "../api/reads/list.js";
import { isInherited, MemberBody } from "../api/bodies/members.js";
import { listMembers } from "../api/reads/memberLists.js";
import { idOf, parentOf } from "../api/text/resourceNames.js";
import { email as emailAddress, resourceName } from "../contract/inputs.js";
import { InvalidInput } from "../contract/resource.js";
import type { Session } from "../session/session.js";
import { accountOf, optional } from "./named.js";

/** Members of one project, or of one organization. */
export interface MemberFilter {
  /** The project, as a bare id or `projects/ID`. */
  readonly project?: string | undefined;
  /** The organization, as a bare id or `organizations/ID`. */
  readonly organization?: string | undefined;
  /** With `organization`: the members of all its visible projects, instead of its own. @default false */
  readonly inProjects?: boolean | undefined;
  /** Only the member with this email. Case does not matter. */
  readonly email?: string | undefined;
}

/** A member of a project or of an organization. */
export interface Member {
  /** The membership's API name, `projects/P/members/M` or `organizations/O/members/M`. */
  readonly name: string;
  /** The project or organization, `projects/P` or `organizations/O`. */
  readonly scope: string;
  /** A user's number, or a service account's id. */
  readonly memberId: string;
  /** The member's email, in lower case. */
  readonly email: string;
  /** The name that people see. */
  readonly displayName: string;
  /** The roles, such as `roles/project.user`. A membership has exactly one today. */
  readonly roles: readonly string[];
  /** `PENDING` or `ACCEPTED`. */
  readonly status: string;
  /** `USER` or `SERVICE_ACCOUNT`. */
  readonly accountType: string;
}

/**
 * The members that match the filter. In projects, leaves out members that are only administrators of the organization.
 * @internal
 */
export async function getMembers({ api }: Session, filter: MemberFilter): Promise<Member[]> {
  const project = optional("project", resourceName("projects"), filter.project);
  const organization = optional("organization", resourceName("organizations"), filter.organization);
  const email = optional("email", emailAddress, filter.email);
  const scope = project ?? organization;
  if (scope === undefined || (project !== undefined && organization !== undefined))
    throw new InvalidInput("pass either project or organization");
  if (project !== undefined && filter.inProjects === true)
    throw new InvalidInput("inProjects needs organization");
  const bodies = await (filter.inProjects === true
    ? membersOfProjects(api, scope, email)
    : listMembers(api, scope));
  return bodies
    .filter((body) => !isInherited(body))
    .map(toMember)
    .filter((member) => email === undefined || member.email === email);
}

/**
 * The members of all projects of an organization: from one list if the API serves it, or else from a list per project.
 */
async function membersOfProjects(
  api: Api,
  organization: string,
  email: string | undefined,
): Promise<MemberBody[]> {
  const account = email === undefined ? undefined : accountOf(email);
  const query = { organization, ...(account === undefined ? {} : { memberId: idOf(account) }) };
  try {
    return await listAll(api, "projects/-/members", "members", MemberBody, query);
  } catch (error) {
    if (!isUnserved(error)) throw error;
  }
  const projects = await listProjects(api, { organization });
  return (await Promise.all(projects.map(({ name }) => listMembers(api, name)))).flat();
}

/** Whether the API does not serve that list. Its parameters and the permission it needs are not documented. */
const isUnserved = (error: unknown): boolean =>
  error instanceof ApiError && [400, 403, 404, 405, 501].includes(error.status ?? 0);

const toMember = ({ name, email, displayName, roles, status, accountType }: MemberBody): Member => ({
  name,
  scope: parentOf(name),
  memberId: idOf(name),
  email: canonicalEmail(email),
  displayName,
  roles,
  status,
  accountType,
});
