import type { CloudState } from "./cloudState";
import { idOf, parentOf } from "./ids";
import type { Member, User } from "./resources";

/** One mail to a person of all that it was added to; service accounts get none. */
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

/** The person signs up: every pending membership is accepted, under another member id if the cloud does so. */
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

/** Whether an invitation was not accepted in time. */
export function isExpired(cloud: CloudState, { status, createTime }: Member): boolean {
  const { invitationLifetimeDays } = cloud.unknowns;
  if (invitationLifetimeDays === 0 || status !== "PENDING") return false;
  return Date.parse(createTime) + invitationLifetimeDays * 86_400_000 < cloud.clock.now().getTime();
}

/** Whether a member is no longer one, its invitation having expired. */
export const isRemovedByExpiry = (cloud: CloudState, member: Member): boolean =>
  cloud.unknowns.expiredInvitation === "vanishes" && isExpired(cloud, member);
