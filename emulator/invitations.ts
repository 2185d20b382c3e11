import { idOf, parentOf } from "./ids";
import type { Member, User } from "./things";
import type { World } from "./world";

/** One mail to a person of all that it was added to; service accounts get none. */
export function sendInvitation(world: World, members: readonly Member[]): void {
  const mailed = members.filter(
    ({ accountType, status }) =>
      accountType === "USER" && (status === "PENDING" || world.unknowns.mailToKnownUsers),
  );
  const scopesByEmail = new Map<string, string[]>();
  for (const { email, name } of mailed)
    scopesByEmail.set(email, [...(scopesByEmail.get(email) ?? []), parentOf(name)]);
  for (const [email, scopes] of scopesByEmail) world.addMail(email, scopes);
}

/** The person signs up: every pending membership is accepted, under another member id if the cloud does so. */
export function acceptInvitation(world: World, user: User, displayName = user.displayName): User {
  const renames = world.unknowns.memberIdChangesOnAccept && !user.known;
  const name = renames ? world.newUserName() : user.name;
  for (const member of world.members.withId(idOf(user.name))) {
    const accepted = { displayName, status: "ACCEPTED" };
    if (renames) {
      world.members.remove(member);
      world.members.add({ ...member, ...accepted, name: `${parentOf(member.name)}/members/${idOf(name)}` });
    } else world.members.update(member, accepted);
  }
  if (!renames) return world.users.update(user, { displayName, known: true });
  world.users.remove(user);
  return world.addUser({ ...user, name, displayName, known: true });
}

/** Whether an invitation was not accepted in time. */
export function isExpired(world: World, { status, createTime }: Member): boolean {
  const { invitationLifetimeDays } = world.unknowns;
  if (invitationLifetimeDays === 0 || status !== "PENDING") return false;
  return Date.parse(createTime) + invitationLifetimeDays * 86_400_000 < world.clock.now().getTime();
}

/** Whether a member is no longer one, its invitation having expired. */
export const hasVanished = (world: World, member: Member): boolean =>
  world.unknowns.expiredInvitation === "vanishes" && isExpired(world, member);
