import { parentOf } from "../../provider/api/reads/find.js";
import { isInherited, type MemberBody } from "../../provider/api/bodies/members.js";
import { isSameApi } from "../../provider/session/apiBase.js";
import { decisionDate, type Session } from "../../provider/session/session.js";
import { readOutsideMemberships, type OutsideMemberships } from "../cloud/outsideMemberships.js";
import { withIdentity } from "../cloud/identity.js";
import { readInventory, type Inventory } from "../cloud/inventory.js";
import { listReader, type Progress } from "../cloud/lists.js";
import { unreadOrganizations } from "../cloud/organizations.js";
import { declarationsOf, namesOf, type Declarations, type Declared } from "../state/declared.js";
import type { States } from "../state/source.js";
import { presentNames, withListedAddress } from "./address.js";
import { listsIn } from "./allowed.js";
import { compareDeclared } from "./compareDeclared.js";
import { coverageOf, type Coverage } from "./coverage.js";
import { inOrder, type Finding } from "./finding.js";
import { partsOf, withKnob, type Part } from "./parts.js";
import { asSelf } from "./self.js";
import { together, type PresentDeclarations, type Seen } from "./together.js";
import { findUnmanaged, isDeclaredAbove } from "./unmanaged.js";
import { itemsOf } from "../cloud/lists.js";
import { unreadLists, unreadResources } from "./unread.js";

/** The declared resources, the contents of the cloud, and the differences. */
export interface StackComparison {
  readonly project: string;
  readonly stack: string;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly inventory: Inventory;
  readonly outside: OutsideMemberships;
  readonly declarations: Declarations;
  readonly present: PresentDeclarations;
  readonly isAccountedFor: (name: string) => boolean;
}

export interface CompareOptions {
  /** Also reports members that every project has by default. */
  readonly isStrict?: boolean;
  /** Reads the keys of every account in a declared project, not only of declared accounts. */
  readonly readsAllKeys?: boolean;
  /** Whether to also read the keys of this undeclared account. */
  readonly readsKeysOf?: (account: string) => boolean;
  /** Projects and organizations to read in addition to the declared ones. */
  readonly alsoRead?: readonly string[];
  readonly progress?: Progress;
  /** The sessions for the resources of some providers, by the providers' URNs. */
  readonly byProvider?: ReadonlyMap<string, Session>;
}

/**
 * Compares the states with the cloud in both directions. This only reads. The logins read their parts one after the
 * other.
 */
export async function compareWithCloud(
  states: States,
  session: Session,
  options: CompareOptions = {},
): Promise<StackComparison> {
  const { alsoRead = [], byProvider = new Map<string, Session>() } = options;
  const [main, ...others] = partsOf(states, session, byProvider);
  const seen: Seen[] = [];
  for (const part of others) seen.push(await comparePart(part, { ...options, alsoRead: [] }));
  const isReadByProvider = (scope: string): boolean =>
    seen.some(({ inventory }) => inventory.members.has(scope));
  const rest = alsoRead.filter((scope) => !isReadByProvider(scope));
  seen.unshift(await comparePart(main, { ...options, alsoRead: rest }));
  const { inventory, outside, present, ...facts } = together(seen);
  const declarations = declarationsOf(states.stack);
  const identities = seen.map(({ identity }) => identity);
  const findings = merge(seen.flatMap((each) => each.findings)).map(asSelf(identities));
  return {
    project: states.stack.project,
    stack: states.stack.stack,
    findings: withKnob(inOrder(findings), states.stack, byProvider),
    coverage: coverageOf({ declarations, inventory, outside, ...facts }),
    inventory,
    outside,
    declarations,
    present,
    isAccountedFor: (name) => seen.some(({ isAccountedFor }) => isAccountedFor(name)),
  };
}

async function comparePart({ states, session }: Part, options: CompareOptions): Promise<Seen> {
  const declarations = declarationsOf(states.stack);
  const sameApi = declarations.declared.filter(({ apiUrl }) => isHere(apiUrl, session));
  const everywhere = [declarations, ...states.others.map(declarationsOf)];
  const accountedFor = new Set(
    everywhere.flatMap(({ declared, leaving }) => [...declared.flatMap(namesOf), ...leaving]),
  );
  const accessLists = listsIn(everywhere.flatMap(({ declared }) => declared));
  const isAccountedFor = (name: string): boolean => accountedFor.has(name);
  const scopes = scopesOf(sameApi, options.alsoRead);
  const reader = await listReader(options.progress);
  const lists = await readInventory(
    session.api,
    {
      ...scopes,
      wantsKeysOf: ({ name }) =>
        options.readsAllKeys === true || scopes.accounts.has(name) || options.readsKeysOf?.(name) === true,
    },
    reader,
  );
  const { identity, inventory } = await withIdentity(session, lists, reader);
  const isRead = (scope: string): boolean => inventory.members.has(scope);
  const [outside, organizations] = await Promise.all([
    readOutsideMemberships(
      session.api,
      {
        accounts: [...scopes.accounts],
        known: new Set([...scopes.projects, ...scopes.organizations]),
        seen: itemsOf(inventory.members).length,
      },
      reader,
    ),
    unreadOrganizations(session.api, scopes.projects, isRead, reader),
  ]);

  const withPresentName = presentNames(inventory, isAccountedFor);
  const here = sameApi.map(withPresentName);
  const others = everywhere.flatMap(({ declared }) => declared.map(withPresentName));
  for (const declared of others) namesOf(declared).forEach((name) => accountedFor.add(name));
  const asOf = await decisionDate(session.settings, () => session);
  const unlisted: MemberBody[] = [];
  const grounds = { api: session.api, inventory, asOf, isAccountedFor, unlisted };
  const results = await Promise.all(here.map((declared) => compareDeclared(declared, grounds)));
  const byDefault = [...itemsOf(inventory.members), ...outside.memberships].filter(
    (member) => isInherited(member) && (options.isStrict !== true || isDeclaredAbove(member, accountedFor)),
  );
  const findings = merge([
    ...results.filter((finding) => finding !== undefined),
    ...unreadLists(inventory, outside, here),
    ...unreadResources(declarations, session.settings.apiUrl),
    ...findUnmanaged(inventory, outside.memberships, isAccountedFor).flatMap((finding) =>
      withListedAddress(finding, accessLists, here),
    ),
  ]);
  const hidden = new Set([...byDefault.map(({ name }) => name), ...successorsIn(findings)]);
  const isHidden = hiddenKeys(here);
  return {
    findings: findings.filter(
      (finding) =>
        finding.class !== "unmanaged" ||
        (!hidden.has(finding.id) && !isHidden(finding) && !accessLists.allow(finding)),
    ),
    scopes,
    inventory,
    outside,
    byDefault,
    organizations,
    identity,
    present: { own: here, others, unlisted },
    isAccountedFor,
  };
}

/** Matches keys of accounts whose declared keys are encrypted in the state. */
function hiddenKeys(declared: readonly Declared[]): (finding: Finding) => boolean {
  const accounts = new Set(
    declared.flatMap((each) => (each.kind === "key" && each.isHidden ? [parentOf(each.name)] : [])),
  );
  return ({ kind, parent }) => kind === "key" && accounts.has(parent);
}

const isHere = (apiUrl: string | undefined, { settings }: Session): boolean =>
  apiUrl === undefined || isSameApi(apiUrl, settings.apiUrl);

/** The accounts, projects and organizations to read: those in which something is declared. */
function scopesOf(declared: readonly Declared[], alsoRead: readonly string[] = []) {
  const accounts = new Set<string>();
  const parents = new Set(alsoRead);
  for (const { kind, name } of declared) {
    if (kind === "serviceAccount") accounts.add(name);
    if (kind === "key") accounts.add(parentOf(name));
    if (kind === "accessList" || kind === "project") parents.add(name);
    else parents.add(kind === "key" ? parentOf(parentOf(name)) : parentOf(name));
  }
  const sorted = [...parents].sort();
  return {
    accounts,
    projects: sorted.filter((name) => name.startsWith("projects/")),
    organizations: sorted.filter((name) => name.startsWith("organizations/")),
  };
}

/** Keeps only the most serious finding for each API name, with every resource that declares it. */
function merge(findings: readonly Finding[]): Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of inOrder(findings)) {
    const first = byId.get(finding.id);
    const resources = [...new Set([...(first?.resources ?? []), ...finding.resources])].sort();
    byId.set(finding.id, { ...(first ?? finding), resources });
  }
  return inOrder([...byId.values()]);
}

/** Members that replaced a declared membership. The finding about that membership already names them. */
const successorsIn = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ class: kind, changes }) =>
    kind === "replaced" ? changes.map(({ actual }) => String(actual)) : [],
  );
