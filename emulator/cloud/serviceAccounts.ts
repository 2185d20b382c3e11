import type { CloudState } from "./cloudState";
import { idOf, newId, newSecret } from "./ids";
import type { Key, ServiceAccount } from "./resources";

export function createAccount(
  cloud: CloudState,
  given: { project: string; displayName?: string; enableBasicAuth?: boolean; id?: string },
): ServiceAccount {
  const { project, id = newId(cloud.clock.now()), enableBasicAuth = false } = given;
  const defaultName = cloud.unknowns.defaultDisplayName === "id" ? id : "";
  return cloud.accounts.add({
    name: `${project}/serviceaccounts/${id}`,
    email: `${id}@${idOf(project)}.serviceaccount.d21s.com`,
    displayName: given.displayName ?? defaultName,
    enableBasicAuth,
    createTime: cloud.clock.timestamp(),
    updateTime: cloud.clock.timestamp(),
  });
}

export function updateAccount(
  cloud: CloudState,
  account: ServiceAccount,
  changes: Partial<Pick<ServiceAccount, "displayName" | "enableBasicAuth">>,
): ServiceAccount {
  if (changes.enableBasicAuth && !account.enableBasicAuth) cloud.recordBasicAuthEnabled(account);
  const { displayName = account.displayName } = changes;
  for (const member of cloud.members.withId(idOf(account.name)))
    cloud.members.update(member, { displayName });
  return cloud.accounts.update(account, { ...changes, updateTime: cloud.clock.timestamp() });
}

/** Also deletes its keys, and its memberships unless `accountDeletionKeepsMemberships` is set. */
export function deleteAccount(cloud: CloudState, account: ServiceAccount): void {
  for (const key of cloud.keys.list(account.name)) cloud.keys.remove(key);
  if (!cloud.unknowns.accountDeletionKeepsMemberships)
    for (const member of cloud.members.withId(idOf(account.name))) cloud.members.remove(member);
  cloud.accounts.remove(account);
}

export function createKey(cloud: CloudState, account: ServiceAccount, given: Partial<Key> = {}): Key {
  const { id = newId(cloud.clock.now()), secret = newSecret() } = given;
  const name = `${account.name}/keys/${id}`;
  return cloud.keys.add({ name, id, createTime: given.createTime ?? cloud.clock.timestamp(), secret });
}
