import { idOf } from "../ids";
import type { Member, World } from "../world";

/** Members as lists and reads show them: what became of invitations that expired. */
export function withoutExpired(world: World, members: Member[]): Member[] {
  const { invitationLifetimeDays, expiredInvitation } = world.unknowns;
  if (invitationLifetimeDays === 0 || expiredInvitation === "stays") return members;
  const limit = world.clock.now().getTime() - invitationLifetimeDays * 86_400_000;
  const expired = (member: Member): boolean =>
    member.status === "PENDING" && Date.parse(member.createTime) < limit;
  if (expiredInvitation === "vanishes") return members.filter((member) => !expired(member));
  return members.map((member) => (expired(member) ? { ...member, status: "EXPIRED" } : member));
}

/** The organization's admins, as members of its project: only where the unknowns show them in lists of that kind. */
export function inheritedMembers(world: World, project: string, list: "projects" | "wildcard"): Member[] {
  const { orgAdminsInProjectLists } = world.unknowns;
  if (orgAdminsInProjectLists !== "both" && orgAdminsInProjectLists !== list) return [];
  const organization = world.projects.get(project)?.organization;
  if (!organization) return [];
  return world.members
    .list(organization)
    .map((member) => ({ ...member, name: `${project}/members/${idOf(member.name)}` }))
    .filter(({ name }) => !world.members.get(name));
}
