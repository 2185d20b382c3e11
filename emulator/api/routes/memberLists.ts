import { idOf } from "../../cloud/ids";
import { isRemovedByExpiry } from "../../cloud/invitations";
import type { Member } from "../../cloud/resources";
import type { Call } from "../call";
import type { Outcome } from "../outcome";
import type { PagedList } from "../paging";
import { memberBody } from "./responseBodies";

/** Answers with a page of members. Inherited members come last. */
export function memberPage(
  call: Call<unknown>,
  of: Omit<PagedList<Member>, "positionOf">,
  own: Member[],
  inherited: InheritedMember[],
): Outcome {
  const { members } = call.cloud;
  const positions = new Map(inherited.map(({ member, position }) => [member, position]));
  const positionOf = (member: Member): number =>
    (positions.size > 0 ? positions.get(member) : undefined) ?? members.positionOf(member);
  const shown = [...visibleMembers(call, own), ...inherited.map(({ member }) => member)];
  return call.page("members", shown, { ...of, positionOf }, (member) => memberBody(call, member));
}

const visibleMembers = (call: Call<unknown>, members: Member[]): Member[] =>
  call.visibleInLists("members", members).filter((member) => !isRemovedByExpiry(call.cloud, member));

/** An organization admin, listed as a member of a project. */
export interface InheritedMember {
  member: Member;
  /** Greater than the position of any direct member. */
  position: number;
}

/** The organization's admins as members of a project, if `orgAdminsInProjectLists` includes this kind of list. */
export function inheritedMembers(
  call: Call<unknown>,
  project: string,
  list: "projects" | "wildcard",
): InheritedMember[] {
  const { members, projects, unknowns } = call.cloud;
  const { orgAdminsInProjectLists: shownIn } = unknowns;
  if (shownIn !== "both" && shownIn !== list) return [];
  const home = projects.get(project);
  if (!home) return [];
  const admins = members
    .list(home.organization)
    .filter(({ roles }) => roles.includes("roles/organization.admin"));
  return visibleMembers(call, admins)
    .map((admin) => ({
      member: { ...admin, name: `${project}/members/${idOf(admin.name)}` },
      position: 1e14 + projects.positionOf(home) * 1e7 + members.positionOf(admin),
    }))
    .filter(({ member }) => !members.get(member.name));
}
