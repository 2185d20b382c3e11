import type { Place } from "../../access/effective.js";
import type { Api } from "../../provider/api/http/client.js";
import { listKeys } from "../../provider/api/reads/accountLists.js";
import { listMembers } from "../../provider/api/reads/memberLists.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { KeyBody } from "../../provider/api/bodies/serviceAccounts.js";
import { itemsIn, itemsOf, listReader, type Read } from "../cloud/lists.js";
import type { Logins } from "../credentials.js";
import type { StackComparison } from "../findings/compareWithCloud.js";

/** What a report shows in addition to what `drift` compares. */
export interface OtherLists {
  /** The administrators of the declared projects' organizations, if nothing is declared in these organizations. */
  readonly administrators: readonly MemberBody[];
  /** The keys of undeclared accounts, by account. */
  readonly keys: ReadonlyMap<string, readonly KeyBody[]>;
  /** The organizations and accounts whose lists could not be read. */
  readonly unread: readonly string[];
}

/** Reads what `drift` does not compare, but what a reviewer expects in a report. It has no influence on findings. */
export async function readOtherLists(
  { inventory }: Pick<StackComparison, "inventory">,
  places: readonly Place[],
  { session, byProvider }: Logins,
): Promise<OtherLists> {
  const reader = await listReader();
  const apis = [...new Set([session, ...byProvider.values()])].map(({ api }) => api);
  const organizations = places.flatMap(({ name, organization }) =>
    inventory.members.has(name) && organization !== "" && !inventory.members.has(organization)
      ? [organization]
      : [],
  );
  const accounts = itemsOf(inventory.accounts)
    .map(({ name }) => name)
    .filter((name) => !inventory.keys.has(name));
  const readAll = <Item>(
    names: readonly string[],
    list: (api: Api, name: string) => Promise<readonly Item[]>,
  ) =>
    Promise.all(
      [...new Set(names)].map(async (name): Promise<[string, Read<Item>]> => [
        name,
        await firstAnswer(apis, (api) => reader.read(() => list(api, name))),
      ]),
    );
  const [members, keys] = await Promise.all([
    readAll(organizations, listMembers),
    readAll(accounts, listKeys),
  ]);
  return {
    administrators: members.flatMap(([, list]) => itemsIn(list)),
    keys: new Map(keys.map(([account, list]) => [account, itemsIn(list)])),
    unread: [
      ...members.filter(([, { failure }]) => failure !== undefined).map(([name]) => name),
      ...keys.filter(([, { failure }]) => failure !== undefined).map(([name]) => `${name}/keys`),
    ],
  };
}

/** The answer of the first login that may read a list. */
async function firstAnswer<Item>(
  [first, ...others]: readonly Api[],
  read: (api: Api) => Promise<Read<Item>>,
): Promise<Read<Item>> {
  if (first === undefined) return { items: [] };
  const answer = await read(first);
  return answer.failure === undefined || others.length === 0 ? answer : firstAnswer(others, read);
}
