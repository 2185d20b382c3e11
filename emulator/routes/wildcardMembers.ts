import type { Call } from "../call";
import { idOf, parentOf } from "../ids";
import { Refusal } from "../refusal";
import { route } from "../router";
import type { Member } from "../things";
import { inheritedMembers, memberPage } from "./memberLists";
import { filterByEmail } from "./members";
import { organizationFilter } from "./organizationFilter";

/** Members of many projects in one list. */
export const wildcardMemberRoutes = [
  route("GET", "projects/-/members", (call) => {
    const { wildcardNeeds, wildcardEmailFilter } = call.world.unknowns;
    const memberId = call.query.get("memberId");
    const organization = organizationFilter(call);
    if (!memberId && (wildcardNeeds === "memberId" || wildcardNeeds === "both"))
      throw new Refusal(400, "memberId is missing");
    if (!organization && (wildcardNeeds === "organization" || wildcardNeeds === "both"))
      throw new Refusal(400, "organization is missing");
    const email = filterByEmail(call, wildcardEmailFilter);
    if (call.world.unknowns.wildcardPermission === "organization.admin") requireAdmin(call, organization);
    const meant = ({ email: address }: Member): boolean =>
      email === undefined || address.toLowerCase() === email;
    const { members } = call.world;
    const reached = projectsInReach(call, organization, memberId ?? undefined);
    const own = memberId ? members.withId(memberId) : members.list();
    const candidates = own.filter((member) => reached.has(parentOf(member.name)) && meant(member));
    const inherited = [...reached]
      .flatMap((name) => inheritedMembers(call.world, name, "wildcard"))
      .filter((member) => meant(member) && (!memberId || idOf(member.name) === memberId));
    return memberPage(call, "members", candidates, inherited);
  }),
];

function requireAdmin(call: Call, organization: string | undefined): void {
  const scopes = organization ? [organization] : call.world.organizations.list().map(({ name }) => name);
  if (!scopes.some((scope) => call.holds("membership.read", scope)))
    throw new Refusal(403, "permission denied");
}

/** The projects whose members the caller may list; where one member is asked for, only those it can be in. */
function projectsInReach(
  call: Call,
  organization: string | undefined,
  memberId: string | undefined,
): Set<string> {
  const { members, projects, unknowns } = call.world;
  const few = memberId && unknowns.orgAdminsInProjectLists === "no";
  const names = few
    ? members.withId(memberId).map(({ name }) => parentOf(name))
    : projects.list().map(({ name }) => name);
  const isMeant = (name: string): boolean => {
    const project = projects.get(name);
    return project !== undefined && (!organization || project.organization === organization);
  };
  return new Set(names.filter((name) => isMeant(name) && call.holds("membership.read", name)));
}
