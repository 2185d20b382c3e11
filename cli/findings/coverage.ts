import { parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import { collectionsOf } from "../../provider/api/text/resourceNames.js";
import type { OutsideMemberships } from "../cloud/outsideMemberships.js";
import type { Inventory } from "../cloud/inventory.js";
import type { NotLookedAt } from "../cloud/organizations.js";
import type { Declarations, Declared } from "../state/declared.js";
import type { Decided } from "./baseline.js";
import { itemsOf } from "../cloud/lists.js";

/** What a comparison covers, and what it doesn't. */
export interface Coverage {
  /** How many of the package's resources the state contains, by kind. */
  readonly declared: Readonly<Record<"resources" | Counted, number>>;
  /** How many lists were read, and how many could not be read. */
  readonly lists: { readonly read: number; readonly failed: number };
  /** How many objects the lists contain. */
  readonly seen: Readonly<Record<Counted, number>>;
  /**
   * The number of organization administrators in the projects' lists. They are members by default, so they aren't
   * findings.
   */
  readonly byDefault: number;
  /** Properties that are encrypted in the state. */
  readonly notCompared: readonly string[];
  /** What was not read, and why. The usual reason is that the credentials have no access. */
  readonly notLookedAt: readonly NotLookedAt[];
}
type Counted = "projects" | "organizations" | "serviceAccounts" | "keys" | "memberships";

interface Facts {
  readonly declarations: Declarations;
  readonly scopes: { readonly projects: readonly string[]; readonly organizations: readonly string[] };
  readonly inventory: Inventory;
  readonly outside: OutsideMemberships;
  readonly byDefault: readonly MemberBody[];
  /** Organizations that were not read. */
  readonly organizations: readonly NotLookedAt[];
}

/** Counts the declared resources, the lists and the objects in the lists. */
export function coverageOf(facts: Facts): Coverage {
  const { declarations, inventory, outside, byDefault } = facts;
  const { projects, organizations } = facts.scopes;
  const { declared, resources, encrypted } = declarations;
  const count = (kind: Declared["kind"]): number => declared.filter((item) => item.kind === kind).length;
  const lists = [...inventory.members.values(), ...inventory.accounts.values(), ...inventory.keys.values()];
  const failed = lists.filter(({ failure }) => failure !== undefined).length;
  const members = [...itemsOf(inventory.members), ...outside.memberships];
  const isRead = (scope: string): boolean => inventory.members.get(scope)?.failure === undefined;
  return {
    declared: {
      resources,
      projects: projects.length,
      organizations: organizations.length,
      serviceAccounts: count("serviceAccount"),
      keys: count("key"),
      memberships: count("membership"),
    },
    lists: { read: lists.length - failed, failed },
    seen: {
      projects: projects.filter(isRead).length,
      organizations: organizations.filter(isRead).length,
      serviceAccounts: itemsOf(inventory.accounts).length,
      keys: itemsOf(inventory.keys).length,
      memberships: members.length,
    },
    byDefault: byDefault.length,
    notCompared: [...encrypted].sort(),
    notLookedAt: inOrder([
      ...outside.notLookedAt,
      ...facts.organizations,
      ...declarations.pending.map(({ urn, type }) => ({
        what: urn,
        why: `a run was interrupted while ${type} it: what it made, if anything, is not in the state; \`pulumi refresh\` settles that`,
      })),
    ]),
  };
}

/** Adds the undeclared accounts whose keys were not read. */
export function withUnreadKeys(coverage: Coverage, decided: Decided, { keys }: Inventory): Coverage {
  const ignored = decided.accepted.filter(({ pattern }) => pattern !== null).map(({ id }) => id);
  const unmanaged = decided.findings.filter(({ class: kind }) => kind === "unmanaged").map(({ id }) => id);
  const unread = (ids: readonly string[], kind: string, why: string): NotLookedAt[] => {
    const accounts = ids.filter((id) => collectionsOf(id) === "projects/serviceaccounts" && !keys.has(id));
    return [...new Set(accounts.map(parentOf))].map((project) => {
      const count = accounts.filter((account) => parentOf(account) === project).length;
      return { what: `keys of ${count} ${kind} service account${count === 1 ? "" : "s"} in ${project}`, why };
    });
  };
  const more = [
    ...unread(ignored, "ignored", "a pattern of the baseline ignores the accounts"),
    ...unread(unmanaged, "undeclared", "the accounts themselves are findings"),
  ];
  return { ...coverage, notLookedAt: inOrder([...coverage.notLookedAt, ...more]) };
}

/** Lists each name once, with its first reason. */
function inOrder(all: readonly NotLookedAt[]): NotLookedAt[] {
  const byName = new Map([...all].reverse().map((each) => [each.what, each]));
  return [...byName.values()].sort((a, b) => (a.what < b.what ? -1 : 1));
}
