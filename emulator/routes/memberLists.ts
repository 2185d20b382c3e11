import type { Call } from "../call";
import { hasVanished } from "../invitations";
import { idOf } from "../ids";
import type { Answer } from "../router";
import type { Member } from "../things";
import type { World } from "../world";
import { memberBody } from "./shape";

/** A page of members; those inherited come last. */
export function memberPage(call: Call<unknown>, list: string, own: Member[], inherited: Member[]): Answer {
  const { members } = call.world;
  const shown = call.listed("members", own).filter((member) => !hasVanished(call.world, member));
  const last = new Map(inherited.map((member, index) => [member, 1e9 + index]));
  const positionOf = (member: Member): number =>
    (last.size > 0 ? last.get(member) : undefined) ?? members.positionOf(member);
  return call.page("members", [...shown, ...inherited], { list, positionOf }, (member) =>
    memberBody(call, member),
  );
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
