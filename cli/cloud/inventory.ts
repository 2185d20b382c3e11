import type { Api } from "../../provider/api/http/client.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import { listMembers } from "../../provider/api/reads/memberLists.js";
import type { KeyBody, ServiceAccountBody } from "../../provider/api/bodies/serviceAccounts.js";
import { listKeys, listServiceAccounts } from "../../provider/api/reads/accountLists.js";
import { itemsOf, type ListReader, type Read } from "./lists.js";

/** The lists that were read from the cloud, each by the API name of its parent. */
export interface Inventory {
  /** By project or organization. */
  readonly members: ReadonlyMap<string, Read<MemberBody>>;
  /** By project. */
  readonly accounts: ReadonlyMap<string, Read<ServiceAccountBody>>;
  /** By account. */
  readonly keys: ReadonlyMap<string, Read<KeyBody>>;
}

export interface Wanted {
  readonly projects: readonly string[];
  readonly organizations: readonly string[];
  /** Whether to read the keys of an account that exists. */
  readonly wantsKeysOf: (account: ServiceAccountBody) => boolean;
}

/**
 * Reads whole lists: two for each project, one for each organization and one for each account. The number of
 * memberships doesn't matter.
 */
export async function readInventory(api: Api, wanted: Wanted, reader: ListReader): Promise<Inventory> {
  const { projects, organizations, wantsKeysOf } = wanted;
  const [members, accounts] = await Promise.all([
    each([...projects, ...organizations], (scope) => reader.read(() => listMembers(api, scope))),
    each(projects, (project) => reader.read(() => listServiceAccounts(api, project))),
  ]);
  const present = itemsOf(accounts);
  const keys = await each(
    present.filter(wantsKeysOf).map(({ name }) => name),
    (account) => reader.read(() => listKeys(api, account)),
  );
  return { members, accounts, keys };
}

async function each<Item>(
  names: readonly string[],
  read: (name: string) => Promise<Read<Item>>,
): Promise<Map<string, Read<Item>>> {
  return new Map(
    await Promise.all(names.map(async (name): Promise<[string, Read<Item>]> => [name, await read(name)])),
  );
}
