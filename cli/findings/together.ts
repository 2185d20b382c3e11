import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { OutsideMemberships } from "../cloud/outsideMemberships.js";
import type { Identity } from "../cloud/identity.js";
import type { Inventory } from "../cloud/inventory.js";
import type { Read } from "../cloud/lists.js";
import type { NotLookedAt } from "../cloud/organizations.js";
import type { Finding } from "./finding.js";
import { itemsOf } from "./unmanaged.js";

/** Everything that one session read and found. */
export interface Seen {
  readonly findings: readonly Finding[];
  readonly scopes: { readonly projects: readonly string[]; readonly organizations: readonly string[] };
  readonly inventory: Inventory;
  readonly outside: OutsideMemberships;
  readonly byDefault: readonly MemberBody[];
  readonly organizations: readonly NotLookedAt[];
  /** The identity that the session logs in as. */
  readonly identity: Identity;
  readonly isAccountedFor: (name: string) => boolean;
}

/** Merges the results of all sessions without duplicates. */
export function together(seen: readonly Seen[]) {
  const inventory = {
    members: lists(seen.map((each) => each.inventory.members)),
    accounts: lists(seen.map((each) => each.inventory.accounts)),
    keys: lists(seen.map((each) => each.inventory.keys)),
  };
  const known = new Set(itemsOf(inventory.members).map(({ name }) => name));
  const isRead = ({ what }: NotLookedAt): boolean => inventory.members.has(what.replace(/\/members$/, ""));
  return {
    inventory,
    outside: {
      memberships: byName(seen.flatMap(({ outside }) => outside.memberships)).filter(
        ({ name }) => !known.has(name),
      ),
      failures: seen.flatMap(({ outside }) => outside.failures),
      notLookedAt: seen.flatMap(({ outside }) => outside.notLookedAt).filter((each) => !isRead(each)),
    },
    scopes: {
      projects: names(seen.flatMap(({ scopes }) => scopes.projects)),
      organizations: names(seen.flatMap(({ scopes }) => scopes.organizations)),
    },
    byDefault: byName(seen.flatMap(({ byDefault }) => byDefault)),
    organizations: seen.flatMap(({ organizations }) => organizations).filter((each) => !isRead(each)),
  };
}

/** Merges lists. A complete list replaces one that another session could not read. */
function lists<Item>(all: readonly ReadonlyMap<string, Read<Item>>[]): Map<string, Read<Item>> {
  const entries = all.flatMap((each) => [...each]);
  const isWhole = ([, { failure }]: [string, Read<Item>]): boolean => failure === undefined;
  return new Map([...entries.filter((each) => !isWhole(each)), ...entries.filter(isWhole)]);
}

const names = (all: readonly string[]): string[] => [...new Set(all)].sort();

const byName = (members: readonly MemberBody[]): MemberBody[] => [
  ...new Map(members.map((member) => [member.name, member])).values(),
];
