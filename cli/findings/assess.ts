import { parentOf } from "../../provider/api/find.js";
import { isInherited, type MemberBody } from "../../provider/api/members.js";
import { decisionDate, type Session } from "../../provider/session.js";
import { lookElsewhere, type Elsewhere } from "../cloud/elsewhere.js";
import { readInventory, type Inventory } from "../cloud/inventory.js";
import { listReader, type Progress } from "../cloud/lists.js";
import { declarationsOf, namesOf, type Declarations, type Declared } from "../state/declared.js";
import type { States } from "../state/source.js";
import { allowances } from "./allowed.js";
import { compare } from "./compare.js";
import { inOrder, type Finding } from "./finding.js";
import { findUnmanaged, isDeclaredAbove, itemsOf } from "./unmanaged.js";
import { unreadLists, unreadResources } from "./unread.js";

/** What was declared, what there is, and where the two differ. */
export interface Assessment {
  readonly project: string;
  readonly stack: string;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly inventory: Inventory;
  readonly elsewhere: Elsewhere;
  readonly declarations: Declarations;
  readonly isAccountedFor: (name: string) => boolean;
}

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

export interface AssessOptions {
  /** Reports what every new project has by default, too. */
  readonly isStrict?: boolean;
  /** Reads the keys of every account of a declared project, not only of declared ones. */
  readonly readsAllKeys?: boolean;
  /** Projects and organizations to read beside those that are declared. */
  readonly alsoRead?: readonly string[];
  readonly progress?: Progress;
}

/** Reads the cloud, and compares it with the states both ways. Only reads. */
export async function assess(
  states: States,
  session: Session,
  options: AssessOptions = {},
): Promise<Assessment> {
  const declarations = declarationsOf(states.stack);
  const here = declarations.declared.filter(({ apiUrl }) => isSameApi(apiUrl, session));
  const everywhere = [declarations, ...states.others.map(declarationsOf)];
  const accountedFor = new Set(
    everywhere.flatMap(({ declared, leaving }) => [...declared.flatMap(namesOf), ...leaving]),
  );
  const isAllowed = allowances(everywhere.flatMap(({ declared }) => declared));
  const isAccountedFor = (name: string): boolean => accountedFor.has(name);
  const scopes = scopesOf(here, options.alsoRead);
  const reader = await listReader(options.progress);
  const inventory = await readInventory(
    session.api,
    {
      ...scopes,
      wantsKeysOf: ({ name }) => options.readsAllKeys === true || scopes.accounts.has(name),
    },
    reader,
  );
  const elsewhere = await lookElsewhere(
    session.api,
    {
      accounts: [...scopes.accounts],
      known: new Set([...scopes.projects, ...scopes.organizations]),
      seen: itemsOf(inventory.members).length,
    },
    reader,
  );

  const grounds = { api: session.api, inventory, asOf: await decisionDate(session.settings, () => session), isAccountedFor };
  const compared = await Promise.all(here.map((declared) => compare(declared, grounds)));
  const byDefault = [...itemsOf(inventory.members), ...elsewhere.memberships].filter(
    (member) => isInherited(member) && (options.isStrict !== true || isDeclaredAbove(member, accountedFor)),
  );
  const findings = merge([
    ...compared.filter((finding) => finding !== undefined),
    ...unreadLists(inventory, elsewhere, here),
    ...unreadResources(declarations, session.settings.apiUrl),
    ...findUnmanaged(inventory, elsewhere.memberships, isAccountedFor),
  ]);
  const hidden = new Set([...byDefault.map(({ name }) => name), ...successorsIn(findings)]);
  return {
    project: states.stack.project,
    stack: states.stack.stack,
    findings: findings.filter(
      (finding) => finding.class !== "unmanaged" || (!hidden.has(finding.id) && !isAllowed(finding)),
    ),
    coverage: coverageOf(declarations, scopes, inventory, elsewhere, byDefault),
    inventory,
    elsewhere,
    declarations,
    isAccountedFor,
  };
}

const isSameApi = (apiUrl: string | undefined, { settings }: Session): boolean =>
  apiUrl === undefined || apiUrl === settings.apiUrl;

/** Where to look: the places in which something is declared. */
function scopesOf(declared: readonly Declared[], alsoRead: readonly string[] = []) {
  const accounts = new Set<string>();
  const parents = new Set(alsoRead);
  for (const { kind, name } of declared) {
    if (kind === "serviceAccount") accounts.add(name);
    if (kind === "key") accounts.add(parentOf(name));
    if (kind === "accessList") parents.add(name);
    else parents.add(kind === "key" ? parentOf(parentOf(name)) : parentOf(name));
  }
  const sorted = [...parents].sort();
  return {
    accounts,
    projects: sorted.filter((name) => name.startsWith("projects/")),
    organizations: sorted.filter((name) => name.startsWith("organizations/")),
  };
}

/** One finding a thing: the gravest, with every resource that declares it. */
function merge(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of inOrder(findings)) {
    const first = byId.get(finding.id);
    const resources = [...new Set([...(first?.resources ?? []), ...finding.resources])].sort();
    byId.set(finding.id, { ...(first ?? finding), resources });
  }
  return inOrder([...byId.values()]);
}

/** A member that took a declared one's place is part of that finding. */
const successorsIn = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ class: kind, changes }) =>
    kind === "replaced" ? changes.map(({ actual }) => String(actual)) : [],
  );

function coverageOf(
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
