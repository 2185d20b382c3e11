import { ApiError } from "../../cloud/apiError";
import { idOf, parentOf } from "../../cloud/ids";
import type { Member } from "../../cloud/resources";
import type { Call } from "../call";
import { route } from "../route";
import { inheritedMembers, memberPage } from "./memberLists";
import { emailFilter } from "./members";
import { organizationFilter } from "./organizationFilter";

/** Members of many projects in one list. */
export const wildcardMemberRoutes = [
  route("GET", "projects/-/members", (call) => {
    const { wildcardNeeds, wildcardEmailFilter } = call.cloud.unknowns;
    const memberId = call.query.get("memberId") || undefined;
    const organization = organizationFilter(call);
    if (!memberId && (wildcardNeeds === "memberId" || wildcardNeeds === "both"))
      throw new ApiError(400, "memberId is missing");
    if (!organization && (wildcardNeeds === "organization" || wildcardNeeds === "both"))
      throw new ApiError(400, "organization is missing");
    const email = emailFilter(call, wildcardEmailFilter);
    const isMeant = ({ email: address }: Member): boolean =>
      email === undefined || address.toLowerCase() === email;
    const { members } = call.cloud;
    const reached = listableProjects(call, organization, memberId);
    const own = memberId ? members.withId(memberId) : members.list();
    const candidates = own.filter((member) => reached.has(parentOf(member.name)) && isMeant(member));
    const inherited = [...reached]
      .flatMap((name) => inheritedMembers(call, name, "wildcard"))
      .filter(({ member }) => isMeant(member) && (!memberId || idOf(member.name) === memberId));
    const of = { list: "projects/-/members", filters: { memberId, organization, email } };
    return memberPage(call, of, candidates, inherited);
  }),
];

/** The projects whose members the caller may list. With a member id, only the projects that member can be in. */
function listableProjects(
  call: Call,
  organization: string | undefined,
  memberId: string | undefined,
): Set<string> {
  const { members, projects, unknowns } = call.cloud;
  const administered =
    unknowns.wildcardPermission === "reach" ? undefined : administeredOrganizations(call, organization);
  const few = memberId && unknowns.orgAdminsInProjectLists === "no";
  const names = few
    ? members.withId(memberId).map(({ name }) => parentOf(name))
    : projects.list().map(({ name }) => name);
  const isMeant = (name: string): boolean => {
    const project = projects.get(name);
    if (!project || (organization && project.organization !== organization)) return false;
    return administered
      ? administered.has(project.organization)
      : call.hasPermission("membership.read", name);
  };
  return new Set(names.filter(isMeant));
}

/** The organizations that the caller administers. @throws {ApiError} 403 if there are none */
function administeredOrganizations(call: Call, organization: string | undefined): Set<string> {
  const scopes = organization ? [organization] : call.cloud.organizations.list().map(({ name }) => name);
  const administered = scopes.filter((scope) => call.hasPermission("organization.update", scope));
  if (administered.length === 0) throw new ApiError(403, "permission denied");
  return new Set(administered);
}
