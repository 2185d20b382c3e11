import type { CloudState } from "./cloudState";
import { idOf, parentOf } from "./ids";
import type { Member, User } from "./resources";

/** Records one mail per person for all scopes they were added to. Service accounts get none. */
export function recordInvitations(cloud: CloudState, members: readonly Member[]): void {
  const mailed = members.filter(
    ({ accountType, status }) =>
      accountType === "USER" && (status === "PENDING" || cloud.unknowns.mailToKnownUsers),
  );
  const scopesByEmail = new Map<string, string[]>();
  for (const { email, name } of mailed)
    scopesByEmail.set(email, [...(scopesByEmail.get(email) ?? []), parentOf(name)]);
  for (const [email, scopes] of scopesByEmail) cloud.addMail(email, scopes);
}

/** Accepts all pending memberships of a person. The member id changes if `memberIdChangesOnAccept` is set. */
export function acceptInvitation(cloud: CloudState, user: User, displayName = user.displayName): User {
  const renames = cloud.unknowns.memberIdChangesOnAccept && !user.known;
  const name = renames ? cloud.newUserName() : user.name;
  for (const member of cloud.members.withId(idOf(user.name))) {
    const accepted = { displayName, status: "ACCEPTED" };
    if (renames) {
      cloud.members.remove(member);
      cloud.members.add({ ...member, ...accepted, name: `${parentOf(member.name)}/members/${idOf(name)}` });
    } else cloud.members.update(member, accepted);
  }
  if (!renames) return cloud.users.update(user, { displayName, known: true });
  cloud.users.remove(user);
  return cloud.addUser({ ...user, name, displayName, known: true });
}

/** Whether the invitation has expired. */
export function isExpired(cloud: CloudState, { status, createTime }: Member): boolean {
  const { invitationLifetimeDays } = cloud.unknowns;
  if (invitationLifetimeDays === 0 || status !== "PENDING") return false;
  return Date.parse(createTime) + invitationLifetimeDays * 86_400_000 < cloud.clock.now().getTime();
}

/** Whether the cloud removed the member because its invitation expired. */
export const isRemovedByExpiry = (cloud: CloudState, member: Member): boolean =>
  cloud.unknowns.expiredInvitation === "vanishes" && isExpired(cloud, member);
