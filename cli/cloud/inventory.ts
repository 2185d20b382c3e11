import type { Api } from "../../provider/api/http/client.js";
import { listMembers, type MemberBody } from "../../provider/api/bodies/members.js";
import {
  listKeys,
  listServiceAccounts,
  type KeyBody,
  type ServiceAccountBody,
} from "../../provider/api/bodies/serviceAccounts.js";
import type { ListReader, Read } from "./lists.js";

/** What was read of the cloud, each list under the name of what it belongs to. */
export interface Inventory {
  /** Of projects and organizations. */
  readonly members: ReadonlyMap<string, Read<MemberBody>>;
  /** Of projects. */
  readonly accounts: ReadonlyMap<string, Read<ServiceAccountBody>>;
  /** Of accounts. */
  readonly keys: ReadonlyMap<string, Read<KeyBody>>;
}

export interface Wanted {
  readonly projects: readonly string[];
  readonly organizations: readonly string[];
  /** Whether the keys of an account are of interest, once it is seen to exist. */
  readonly wantsKeysOf: (account: ServiceAccountBody) => boolean;
}

/** Reads whole lists: two for a project, one for an organization, one for an account; never one for a membership. */
export async function readInventory(api: Api, wanted: Wanted, reader: ListReader): Promise<Inventory> {
  const { projects, organizations, wantsKeysOf } = wanted;
  const [members, accounts] = await Promise.all([
    each([...projects, ...organizations], (scope) => reader.read(() => listMembers(api, scope))),
    each(projects, (project) => reader.read(() => listServiceAccounts(api, project))),
  ]);
  const present = [...accounts.values()].flatMap((list) => (list.failure === undefined ? list.items : []));
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
