import { idOf, newId, newSecret } from "./ids";
import { Refusal } from "./refusal";
import { hasVanished } from "./invitations";
import { isSettling } from "./propagation";
import type { Key, Member, Project, ServiceAccount } from "./things";
import type { World } from "./world";

/** What happens in the cloud, whoever asked for it: the API on a caller's behalf, or a hand out of band. */

export function createProject(
  world: World,
  given: { organization: string; displayName: string; id?: string } & Partial<Omit<Project, "name">>,
): Project {
  const { id = newId(world.clock.now()), organization, displayName, ...rest } = given;
  return world.projects.add({
    name: `projects/${id}`,
    displayName,
    organization,
    inventory: false,
    sensorCount: 0,
    cloudConnectorCount: 0,
    location: { latitude: null, longitude: null, timeLocation: "" },
    labels: {},
    ...rest,
  });
}

/** Memberships and accounts go with it. */
export function deleteProject(world: World, project: Project): void {
  for (const account of world.accounts.list(project.name)) deleteAccount(world, account);
  for (const member of world.members.list(project.name)) world.members.remove(member);
  world.projects.remove(project);
}

export function createAccount(
  world: World,
  given: { project: string; displayName?: string; enableBasicAuth?: boolean; id?: string },
): ServiceAccount {
  const { project, id = newId(world.clock.now()), enableBasicAuth = false } = given;
  const unnamed = world.unknowns.defaultDisplayName === "id" ? id : "";
  return world.accounts.add({
    name: `${project}/serviceaccounts/${id}`,
    email: `${id}@${idOf(project)}.serviceaccount.d21s.com`,
    displayName: given.displayName ?? unnamed,
    enableBasicAuth,
    createTime: world.clock.stamp(),
    updateTime: world.clock.stamp(),
  });
}

export function updateAccount(
  world: World,
  account: ServiceAccount,
  changes: Partial<Pick<ServiceAccount, "displayName" | "enableBasicAuth">>,
): ServiceAccount {
  if (changes.enableBasicAuth && !account.enableBasicAuth) world.basicAuthEnabled(account);
  const { displayName = account.displayName } = changes;
  for (const member of world.members.withId(idOf(account.name)))
    world.members.update(member, { displayName });
  return world.accounts.update(account, { ...changes, updateTime: world.clock.stamp() });
}

/** Its keys go with it, and its memberships unless they outlive it. */
export function deleteAccount(world: World, account: ServiceAccount): void {
  for (const key of world.keys.list(account.name)) world.keys.remove(key);
  if (!world.unknowns.accountDeletionKeepsMemberships)
    for (const member of world.members.withId(idOf(account.name))) world.members.remove(member);
  world.accounts.remove(account);
}

export function createKey(world: World, account: ServiceAccount, given: Partial<Key> = {}): Key {
  const { id = newId(world.clock.now()), secret = newSecret() } = given;
  const name = `${account.name}/keys/${id}`;
  return world.keys.add({ name, id, createTime: given.createTime ?? world.clock.stamp(), secret });
}

/** Who an email belongs to; somebody unknown becomes a placeholder user. @throws {Refusal} 400 or 404 */
function principal(
  world: World,
  email: string,
): Pick<Member, "displayName" | "email" | "accountType" | "status"> & { id: string } {
  if (/\.serviceaccount\.d21s\.com$/i.test(email)) {
    const account = world.accountByEmail(email);
    if (account && isSettling(world, "accounts", account)) throw new Refusal(404, "no such service account");
    if (account)
      return {
        id: idOf(account.name),
        displayName: account.displayName,
        email: account.email,
        accountType: "SERVICE_ACCOUNT",
        status: "ACCEPTED",
      };
    const status = world.unknowns.unknownServiceAccountEmail;
    if (status !== "pending") throw new Refusal(status, "no such service account");
  }
  const user = world.userByEmail(email) ?? world.addUser({ email, displayName: email, known: false });
  return {
    id: idOf(user.name),
    displayName: user.displayName,
    email: user.email,
    accountType: "USER",
    status: user.known ? "ACCEPTED" : "PENDING",
  };
}

/** @throws {Refusal} 409 where the member is one already */
export function addMember(world: World, scope: string, email: string, roles: string[]): Member {
  const { id, ...who } = principal(world, email);
  const name = `${scope}/members/${id}`;
  const present = world.members.get(name);
  if (present && hasVanished(world, present)) world.members.remove(present);
  else if (present) throw new Refusal(409, "already exists");
  return world.members.add({ name, roles, createTime: world.clock.stamp(), ...who });
}
