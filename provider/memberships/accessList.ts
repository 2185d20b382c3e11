import type { Api } from "../api/http/client.js";
import { canonicalEmail, emailOf } from "../api/text/email.js";
import { idOf } from "../api/reads/find.js";
import { removeMemberTogether } from "../api/writes/memberBatch.js";
import { isInherited, type MemberBody } from "../api/bodies/members.js";
import { listMembers, listMembersIfAny } from "../api/reads/memberLists.js";
import { notice } from "../api/text/notice.js";
import { compare, type Watched } from "./accessComparison.js";
import { otherHolderOf } from "../stack/claims.js";
import { deployment } from "../machine/deployment.js";
import { isWorkingAdmin } from "../guards/lockout.js";
import { withLock } from "../guards/lock.js";
import { emails, oneOf, optionalPatterns } from "../contract/inputs.js";
import { rolesOf } from "./membershipOutputs.js";
import { previewedRemovals, recordPreview } from "./removalPreview.js";
import type { Opening, PlannedChange, Seen } from "../contract/resource.js";
import type { Session } from "../session/session.js";
import { nameIn } from "../stack/urns.js";

/** The inputs that the member lists of projects and of organizations have in common. */
export interface AccessListInputs {
  /** Emails of everybody who may be a member. Includes members that other resources declare. */
  readonly members: readonly string[];
  /** `report` only shows undeclared members. `enforce` removes those that the preview has named. */
  readonly mode: "report" | "enforce";
  /** Patterns of emails that this list ignores. */
  readonly ignore?: readonly string[] | undefined;
  /** Roles of the undeclared members, by email. Always declared as empty, so that each such member shows as drift. */
  readonly undeclared: Undeclared;
}

export interface AccessListOutputs {
  /** The undeclared members of the last refresh; empty after an update. */
  readonly undeclared: Undeclared;
  /** The memberships of the undeclared members. Absent if there are none. */
  readonly sighting?: Sighting;
  /**
   * Names of the declared members' memberships, by their declared address, as last seen. So a person stays declared if
   * the address of the membership changes. Absent in states of earlier versions.
   */
  readonly known?: Readonly<Record<string, string>>;
}

type Undeclared = Readonly<Record<string, string>>;
type State = AccessListInputs & AccessListOutputs;

interface Sighting {
  /** The run of the engine that saw them. */
  readonly deployment: string;
  /** Names of the memberships, by email. */
  readonly names: Readonly<Record<string, string>>;
  /** Names of those memberships that an earlier run had already recorded. */
  readonly earlier: readonly string[];
}

export const accessListCheck = {
  members: emails,
  mode: oneOf("report", "enforce"),
  ignore: optionalPatterns,
  undeclared: (): Undeclared => ({}),
};

export const accessListChange = {
  members: "update",
  mode: "update",
  ignore: "update",
  undeclared: "update",
} as const;

/** Starts to compare the members with the list. Removes nobody, because no preview has named anybody. */
export async function startWatching(scope: string, inputs: AccessListInputs, session: Session) {
  const { undeclared, known } = await compare(await listMembers(session.api, scope), inputs, session);
  if (undeclared.length > 0) {
    const further = inputs.mode === "report" ? "" : ", which also removes them";
    notice(
      `${scope} has members that are not declared: ${describe(undeclared)}. They stay; \`pulumi up --refresh\` shows them${further}`,
    );
  }
  return { id: scope, outputs: { undeclared: {}, known } };
}

/** @returns undefined if the API proves that the project or organization is gone */
export async function readUndeclared(
  scope: string,
  state: State,
  session: Session,
): Promise<Seen<AccessListInputs, AccessListOutputs> | undefined> {
  const all = await listMembersIfAny(session.api, scope);
  if (all === undefined) return undefined;
  // An import has no list to compare with, so it declares the present members.
  if ((state.members as readonly string[] | undefined) === undefined) return presentMembers(all);
  const { undeclared, known } = await compare(all, state, session);
  const entries = undeclared.map((member) => [keyOf(member, undeclared), member] as const);
  const roles = Object.fromEntries(entries.map(([key, member]) => [key, rolesOf(member)]));
  const actual = { undeclared: roles };
  if (entries.length === 0) return { actual, outputs: { ...actual, known } };
  const names = Object.fromEntries(entries.map(([key, { name }]) => [key, name]));
  return {
    actual,
    outputs: {
      ...actual,
      known,
      sighting: { deployment: deployment(), names, earlier: knownBefore(state.sighting) },
    },
  };
}

function presentMembers(all: readonly MemberBody[]): Seen<AccessListInputs, AccessListOutputs> {
  const present = all.filter((member) => !isInherited(member));
  const members = [...new Set(present.map(emailOf))].sort();
  const known = Object.fromEntries(present.map((member) => [emailOf(member), member.name]));
  return { actual: { members, mode: "report", undeclared: {} }, outputs: { undeclared: {}, known } };
}

/** The email of a member. Adds the id if another member has the same email in another case. */
const keyOf = ({ name, email }: MemberBody, all: readonly MemberBody[]): string => {
  const address = canonicalEmail(email);
  const isAlone = all.filter((other) => emailOf(other) === address).length === 1;
  return isAlone ? address : `${address} (${idOf(name)})`;
};

const knownBefore = (sighting: Sighting | undefined): readonly string[] => {
  if (sighting === undefined) return [];
  return sighting.deployment === deployment() ? sighting.earlier : Object.values(sighting.names);
};

/** Records the members that the preview of an enforcing update names, so that the update removes nobody else. */
export async function recordPreviewedRemovals(
  { state, inputs, settings, open }: PlannedChange<AccessListInputs, AccessListOutputs> & Opening,
  urn: string,
): Promise<void> {
  const named = inputs.mode === "enforce" ? Object.values(state.sighting?.names ?? {}) : [];
  // An update ignores an old preview, so the server's clock dates the preview.
  if (named.length > 0) await (await open()).hearTime();
  recordPreview(`${urn} ${settings.apiUrl}`, named);
}

/** Removes the members that the preview has named, if they are still members and still not declared. */
export async function enforce(
  scope: string,
  state: State,
  inputs: AccessListInputs,
  session: Session,
  urn: string,
): Promise<AccessListOutputs> {
  const { sighting, known = {} } = state;
  if (inputs.mode === "enforce" && sighting !== undefined) {
    await session.hearTime();
    const named = wereNamed(sighting, `${urn} ${session.settings.apiUrl}`);
    // One at a time: two removals at once would each count on the admin that the other removes.
    await withLock(scope, () => removeNamed(scope, { ...inputs, known }, named, session, urn));
  }
  return { undeclared: {}, known };
}

/**
 * The names that a preview has shown. If this run of the engine was the first to see a member, no earlier state names
 * it. Then only a preview on this machine may have named it. If an earlier run saw the member, the state and every
 * preview since name it.
 */
const wereNamed = (sighting: Sighting, key: string): ReadonlySet<string> =>
  new Set(
    sighting.deployment === deployment()
      ? [...sighting.earlier, ...previewedRemovals(key)]
      : Object.values(sighting.names),
  );

async function removeNamed(
  scope: string,
  inputs: Watched,
  named: ReadonlySet<string>,
  session: Session,
  urn: string,
): Promise<void> {
  const { undeclared } = await compare(await listMembers(session.api, scope), inputs, session);
  const leaving: MemberBody[] = [];
  for (const member of undeclared) {
    if (named.has(member.name) && !(await isHeld(member, scope, urn))) leaving.push(member);
  }
  const unnamed = undeclared.filter(({ name }) => !named.has(name));
  await refuseLastAdmin(scope, leaving, session.api);
  const outcomes = await Promise.allSettled(
    leaving.map(async (member) => {
      await removeMemberTogether(session.api, { name: member.name, role: member.roles.join() });
      notice(`removed ${describe([member])} from ${scope}, who was not declared`);
    }),
  );
  if (unnamed.length > 0) {
    notice(
      `${scope} has members that no preview has named yet: ${describe(unnamed)}. They stay until one has: run \`pulumi up --refresh\` again`,
    );
  }
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.status === "rejected"
      ? [
          `${describe(leaving.slice(index, index + 1))} stays in ${scope}: ${(outcome.reason as Error).message}`,
        ]
      : [],
  );
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

async function refuseLastAdmin(scope: string, leaving: readonly MemberBody[], api: Api): Promise<void> {
  const admins = leaving.filter(isWorkingAdmin);
  if (admins.length === 0) return;
  const staying = (await listMembers(api, scope)).filter(
    ({ name }) => !leaving.some((member) => member.name === name),
  );
  if (staying.some(isWorkingAdmin)) return;
  throw new Error(
    `refused: removing ${describe(admins)} leaves ${scope} without an administrator who can undo it. Declare another one first`,
  );
}

/** Whether a binding of the same stack holds the membership. If so, the list must keep it, and this prints a notice. */
async function isHeld({ name }: MemberBody, scope: string, urn: string): Promise<boolean> {
  const kind = scope.startsWith("projects/") ? "ProjectRoleBinding" : "OrgAdminBinding";
  const holder = await otherHolderOf(name, urn, kind);
  if (holder === undefined) return false;
  notice(`kept ${name}: "${nameIn(holder.urn)}" of this stack declares it. Add its member to the list`);
  return true;
}

const describe = (members: readonly MemberBody[]): string =>
  members.map((member) => `${emailOf(member)} (${rolesOf(member)})`).join(", ");
