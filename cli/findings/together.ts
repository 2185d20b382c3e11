import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { OutsideMemberships } from "../cloud/outsideMemberships.js";
import type { Identity } from "../cloud/identity.js";
import type { Inventory } from "../cloud/inventory.js";
import type { Declared } from "../state/declared.js";
import type { Read } from "../cloud/lists.js";
import type { NotLookedAt } from "../cloud/organizations.js";
import type { Finding } from "./finding.js";
import { itemsOf } from "../cloud/lists.js";

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
  readonly present: PresentDeclarations;
  readonly isAccountedFor: (name: string) => boolean;
}

/** The declarations, with the present API name of each membership whose invitation was accepted. */
export interface PresentDeclarations {
  /** Of the stack. */
  readonly own: readonly Declared[];
  /** Of other stacks. */
  readonly others: readonly Declared[];
  /** Memberships that exist, but that the lists lack because they are out of date. */
  readonly unlisted: readonly MemberBody[];
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
    present: presentIn(seen.map(({ present }) => present)),
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

/** A session counts the resources of the other sessions to the declarations of other stacks. */
function presentIn(all: readonly PresentDeclarations[]): PresentDeclarations {
  const own = all.flatMap((each) => each.own);
  const urns = new Set(own.map(({ urn }) => urn));
  return {
    own,
    others: all.flatMap(({ others }) => others.filter(({ urn }) => !urns.has(urn))),
    unlisted: all.flatMap(({ unlisted }) => unlisted),
  };
}

const names = (all: readonly string[]): string[] => [...new Set(all)].sort();

const byName = (members: readonly MemberBody[]): MemberBody[] => [
  ...new Map(members.map((member) => [member.name, member])).values(),
];
