import type { Elsewhere } from "../cloud/elsewhere.js";
import type { Inventory } from "../cloud/inventory.js";
import type { MemberBody } from "../../provider/api/members.js";
import type { Declarations, Declared } from "../state/declared.js";
import { itemsOf } from "./unmanaged.js";

/** What was looked at, and what was not. */
export interface Coverage {
  /** How much of ours the state holds. */
  readonly declared: Readonly<Record<"resources" | Counted, number>>;
  /** How many whole lists were read, of how many. */
  readonly lists: { readonly read: number; readonly failed: number };
  /** How much was seen in them. */
  readonly seen: Readonly<Record<Counted, number>>;
  /** Administrators of the organization that a project's list shows as members: there by default, and no finding. */
  readonly byDefault: number;
  /** Properties that the state keeps encrypted. */
  readonly notCompared: readonly string[];
  /** Where the credentials do not reach, and why. */
  readonly notLookedAt: readonly { readonly what: string; readonly why: string }[];
}
type Counted = "projects" | "organizations" | "serviceAccounts" | "keys" | "memberships";

/** Counts what is declared, what was read and what was seen. */
export function coverageOf(
  declarations: Declarations,
  { projects, organizations }: { projects: readonly string[]; organizations: readonly string[] },
  inventory: Inventory,
  elsewhere: Elsewhere,
  byDefault: readonly MemberBody[],
): Coverage {
  const { declared, resources, encrypted } = declarations;
  const count = (kind: Declared["kind"]): number => declared.filter((item) => item.kind === kind).length;
  const lists = [...inventory.members.values(), ...inventory.accounts.values(), ...inventory.keys.values()];
  const failed = lists.filter(({ failure }) => failure !== undefined).length;
  const members = [...itemsOf(inventory.members), ...elsewhere.memberships];
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
    notLookedAt: [...elsewhere.notLookedAt].sort((a, b) => (a.what < b.what ? -1 : 1)),
  };
}
