import type { Api } from "./api/client.js";
import { isNotFound } from "./api/errors.js";
import { idOf } from "./api/find.js";
import { listMembers, type MemberBody } from "./api/members.js";
import { listKeys } from "./api/serviceAccounts.js";
import type { Settings } from "./api/settings.js";
import type { Session } from "./session.js";

/** The input that says: do it all the same. */
export interface Overridable {
  readonly allowLockout?: true | undefined;
}

const wayOut = "Set allowLockout: true on this resource and run `pulumi up` first, if that is meant";

function refuse(what: string): never {
  throw new Error(`refused: ${what}. ${wayOut}`);
}

/** What a guard needs to know of a membership. */
export interface Membership extends Overridable {
  readonly member: string;
  readonly memberId?: string;
}

/** Whether a membership is our own, as far as the settings tell: by email, or by the account's id in it. */
const isOurs = ({ member, memberId }: Membership, { email }: Settings): boolean =>
  email !== undefined && (member === email || (memberId !== undefined && memberId === email.split("@")[0]));

/** Refuses to lower the role of the identity that we run as. */
export function guardDemotion(
  state: Membership & { role: string },
  inputs: Overridable & { role: string },
  settings: Settings,
  where: string,
): void {
  if (state.role === inputs.role || inputs.allowLockout === true || !isOurs(state, settings)) return;
  if (rank(inputs.role) >= rank(state.role)) return;
  refuse(
    `changing ${state.role} to ${inputs.role} in ${where} demotes ${state.member}, the identity this run logs in as`,
  );
}

const ranks = [
  "roles/project.user",
  "roles/project.operator",
  "roles/project.developer",
  "roles/project.admin",
];
const rank = (role: string): number => ranks.indexOf(role);

interface Change<Held> {
  readonly state: Held;
  readonly isReplacement: boolean;
  readonly settings: Settings;
}

/** Refuses, before anything is created, a replacement that would end in removing our own membership. */
export function guardMembershipReplacement(
  { state, isReplacement, settings }: Change<Membership>,
  where: string,
): void {
  if (isReplacement && state.allowLockout !== true && isOurs(state, settings)) refuseRemoval(state, where);
}

/** Refuses, before anything is created, a replacement that would end in deleting the account that we log in as. */
export function guardServiceAccountChange({
  state,
  isReplacement,
  settings,
}: Change<Overridable & { email: string }>): void {
  if (!isReplacement || state.allowLockout === true || state.email.toLowerCase() !== settings.email) return;
  refuse(`replacing ${state.email} deletes the service account this run logs in as`);
}

/** Refuses, before anything is created, a replacement that would end in deleting the key that we log in with. */
export function guardKeyChange({
  state,
  isReplacement,
  settings,
}: Change<Overridable & { keyId: string }>): void {
  if (isReplacement) guardKey(state.keyId, state, settings);
}

/** Refuses to take the membership of the identity that we run as. */
export async function guardMembership(state: Membership, where: string, session: Session): Promise<void> {
  if (state.allowLockout === true) return;
  if (isOurs(state, session.settings) || (await isOwnedByOurKey(state, session))) {
    refuseRemoval(state, where);
  }
}

const refuseRemoval = ({ member }: Membership, where: string): never =>
  refuse(`removing ${member} from ${where} takes away the access of the identity this run logs in as`);

/** Refuses to leave an organization without an administrator. Pending invitations can administer nothing. */
export async function guardLastAdmin(state: Membership, organization: string, api: Api): Promise<void> {
  if (state.allowLockout === true) return;
  const admins = (await listMembers(api, organization)).filter(isWorkingAdmin);
  const isAlone = admins.length === 1 && admins.every(({ name }) => idOf(name) === state.memberId);
  if (isAlone)
    refuse(`removing ${state.member} leaves ${organization} without an administrator who could undo it`);
}

const isWorkingAdmin = ({ roles, status }: MemberBody): boolean =>
  roles.includes("roles/organization.admin") && status !== "PENDING";

/** Refuses to delete the key that we log in with. */
export function guardKey(key: string, { allowLockout }: Overridable, settings: Settings): void {
  if (allowLockout !== true && idOf(key) === settings.keyId)
    refuse(`${key} is the key this run logs in with`);
}

/** Refuses to delete the account that we log in as. */
export async function guardServiceAccount(
  name: string,
  state: Overridable & { email: string },
  session: Session,
): Promise<void> {
  if (state.allowLockout === true) return;
  const { email } = session.settings;
  const isOwn = email === undefined ? await hasOurKey(name, session) : state.email.toLowerCase() === email;
  if (isOwn) refuse(`${name} (${state.email}) is the service account this run logs in as`);
}

/** With Basic authentication the email may be unknown; then the account that owns our key tells. */
async function isOwnedByOurKey({ member, memberId }: Membership, session: Session): Promise<boolean> {
  const [, project] = /^[^@]+@([^.@]+)\.serviceaccount\./.exec(member) ?? [];
  if (session.settings.email !== undefined || project === undefined || memberId === undefined) return false;
  return hasOurKey(`projects/${project}/serviceaccounts/${memberId}`, session);
}

async function hasOurKey(serviceAccount: string, { api, settings }: Session): Promise<boolean> {
  try {
    return (await listKeys(api, serviceAccount)).some(({ id }) => id === settings.keyId);
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

const turns = new Map<string, Promise<unknown>>();

/** Does work that looks before it writes one at a time for each name. */
export function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  const done = (turns.get(name) ?? Promise.resolve()).then(work);
  turns.set(
    name,
    done.catch(() => undefined),
  );
  return done;
}
