import type { Api } from "../api/http/client.js";
import { canonicalEmail } from "../api/text/email.js";
import { ApiError, hasStatus, isNotFound } from "../api/http/errors.js";
import { find, idOf, isProvenGone } from "../api/reads/find.js";
import { MemberBody } from "../api/bodies/members.js";
import { listMembers } from "../api/reads/memberLists.js";
import { listKeys } from "../api/reads/accountLists.js";
import { notice } from "../api/text/notice.js";
import { rankOf } from "../api/text/roles.js";
import type { Settings } from "../api/http/settings.js";
import type { Session } from "../session/session.js";

/** The input that overrides the guards. */
export interface Overridable {
  readonly allowLockout?: true | undefined;
}

/** How to override a guard: the last sentence of a refusal. */
export const wayOut =
  "If you really want this, set `allowLockout: true` on this resource and run `pulumi up` first";

export function refuse(what: string): never {
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

/**
 * Whether a membership is our own. With Basic authentication nobody proves the email of the settings, if there is one: then the
 * account that owns our key tells.
 */
export const isOurOwn = async (state: Membership, open: OpenSession, settings: Settings): Promise<boolean> =>
  isOurs(state, settings) || (settings.auth === "basic" && (await isOwnedByOurKey(state, await open())));

type OpenSession = () => Promise<Session> | Session;

/** Refuses to lower the role of the identity that we run as; also to one, or from one, whose rank nobody knows. */
export async function guardDemotion(
  state: Membership & { role: string },
  inputs: Overridable & { role: string },
  { settings, open }: Pick<Change<unknown>, "settings" | "open">,
  where: string,
): Promise<void> {
  if (state.role === inputs.role || inputs.allowLockout === true) return;
  if (rankOf(state.role) >= 0 && rankOf(inputs.role) >= rankOf(state.role)) return;
  if (!(await isOurOwn(state, open, settings))) return;
  refuse(
    `changing ${state.role} to ${inputs.role} in ${where} demotes ${state.member}, the identity this run logs in as`,
  );
}

interface Change<Held> {
  readonly id: string;
  readonly state: Held;
  readonly isReplacement: boolean;
  readonly settings: Settings;
  readonly open: OpenSession;
}

/** Refuses, before anything is created, a replacement that would end in removing our own membership. */
export async function guardMembershipReplacement(
  { state, isReplacement, settings, open }: Change<Membership>,
  where: string,
): Promise<void> {
  if (!isReplacement || state.allowLockout === true) return;
  if (await isOurOwn(state, open, settings)) refuseRemoval(state, where);
}

interface Login extends Overridable {
  readonly enableBasicAuth: boolean;
}

/**
 * Refuses, before anything is written, a replacement that would end in deleting the account that we log in as, and switching off
 * the login that we use.
 */
export async function guardServiceAccountChange(
  change: Change<Login & { readonly email: string }> & { readonly inputs: Login },
): Promise<void> {
  const { id, state, inputs, isReplacement, settings, open } = change;
  if (!isReplacement) return guardLogin(id, state, inputs, change);
  if (state.allowLockout === true || !(await isOurAccount(id, state, open, settings))) return;
  refuse(`replacing ${state.email} deletes the service account this run logs in as`);
}

/** Refuses to switch off the login that we use. */
export async function guardLogin(
  name: string,
  present: Login & { readonly email: string },
  wanted: Login,
  { settings, open }: Pick<Change<unknown>, "settings" | "open">,
): Promise<void> {
  const ends = settings.auth === "basic" && present.enableBasicAuth && !wanted.enableBasicAuth;
  if (!ends || wanted.allowLockout === true || !(await isOurAccount(name, present, open, settings))) return;
  refuse(`disabling Basic authentication of ${present.email} locks out this run, which logs in with it`);
}

export const isOurAccount = async (
  name: string,
  { email }: { readonly email: string },
  open: OpenSession,
  settings: Settings,
): Promise<boolean> =>
  canonicalEmail(email) === settings.email || (settings.auth === "basic" && hasOurKey(name, await open()));

/** Refuses, before anything is created, a replacement that would end in deleting the key that we log in with: both of the old ones go. */
export function guardKeyChange({
  state,
  isReplacement,
  settings,
}: Pick<
  Change<Overridable & { keyId: string; previousKeyId?: string }>,
  "state" | "isReplacement" | "settings"
>): void {
  if (!isReplacement) return;
  guardKey(state.keyId, state, settings);
  // States of before rotation know of none.
  guardKey(state.previousKeyId ?? "", state, settings);
}

/** Refuses to take the membership of the identity that we run as. */
export async function guardMembership(state: Membership, where: string, session: Session): Promise<void> {
  if (state.allowLockout === true) return;
  if (await isOurOwn(state, () => session, session.settings)) refuseRemoval(state, where);
}

const refuseRemoval = ({ member }: Membership, where: string): never =>
  refuse(`removing ${member} from ${where} removes the access of the identity this run logs in as`);

/**
 * Refuses to leave an organization without an administrator. Invitations that nobody has accepted can administer nothing.
 *
 * @param removed names of those that we know to be gone, whatever a list still shows
 */
export async function guardLastAdmin(
  state: Membership,
  organization: string,
  api: Api,
  removed: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (state.allowLockout === true || !(await isLastAdmin(state, organization, api, removed))) return;
  refuse(`removing ${state.member} leaves ${organization} without an administrator who can undo it`);
}

/** Says, in the preview too, what the replacement of a last administrator hangs on; the removal itself is refused where that fails. */
export async function describeLastAdmin(
  { state, isReplacement, open }: Change<Membership>,
  organization: string,
): Promise<void> {
  if (!isReplacement || state.allowLockout === true) return;
  try {
    if (!(await isLastAdmin(state, organization, (await open()).api))) return;
  } catch (error) {
    if (error instanceof ApiError) return; // the removal asks again
    throw error;
  }
  notice(
    `${state.member} is the last administrator of ${organization}: the removal is refused unless somebody else can administer it by then. An invitation that was not accepted doesn't count`,
  );
}

/** Whether nobody else is seen to administer an organization. */
export async function isLastAdmin(
  { memberId = "" }: Membership,
  organization: string,
  api: Api,
  removed: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  const members = (await listMembers(api, organization)).filter(({ name }) => !removed.has(name));
  const isThisOne = ({ name }: MemberBody): boolean => idOf(name) === memberId;
  if (members.some((member) => isWorkingAdmin(member) && !isThisOne(member))) return false;
  // A list that shows nobody proves nothing: it may be empty for want of a permission.
  const listed = members.find(isThisOne);
  const present = listed ?? (await find(api, `${organization}/members/${memberId}`, MemberBody));
  return present !== undefined && isWorkingAdmin(present);
}

/** Whether somebody administers an organization, and can do so today. */
export const isWorkingAdmin = ({ roles, status }: MemberBody): boolean =>
  roles.includes("roles/organization.admin") && !/^(PENDING|EXPIRED)$/i.test(status);

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
  const isOwn = await isOurAccount(name, state, () => session, session.settings);
  if (isOwn) refuse(`${name} (${state.email}) is the service account this run logs in as`);
}

async function isOwnedByOurKey({ member }: Membership, session: Session): Promise<boolean> {
  const [, account, project] = /^([^@]+)@([^.@]+)\.serviceaccount\./.exec(member) ?? [];
  if (account === undefined || project === undefined) return false;
  return hasOurKey(`projects/${project}/serviceaccounts/${account}`, session);
}

async function hasOurKey(serviceAccount: string, { api, settings }: Session): Promise<boolean> {
  try {
    return (await listKeys(api, serviceAccount)).some(({ id }) => id === settings.keyId);
  } catch (error) {
    if (!isNotFound(error) && !hasStatus(error, 403)) throw error;
    // The settings name us, so an account that we can't see is another one.
    if (settings.email !== undefined || (await isGone(serviceAccount, error, api))) return false;
    throw new UnknownOwner(
      `${serviceAccount} may be the identity this run logs in as, and whether it owns key ${settings.keyId} can't be seen: set DT_OIDC_EMAIL (or dt:email) to the email of the account that does`,
    );
  }
}

/** The owner of the key that we log in with is unknown. */
export class UnknownOwner extends Error {}

/** Whether an account is proven to be deleted. An account that we can't see may exist. */
async function isGone(serviceAccount: string, refusal: ApiError, api: Api): Promise<boolean> {
  if (!isNotFound(refusal)) return false;
  try {
    return await isProvenGone(api, serviceAccount, refusal);
  } catch (error) {
    if (error instanceof ApiError && [403, 404].includes(error.status ?? 0)) return false;
    throw error;
  }
}
