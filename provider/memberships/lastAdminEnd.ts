import { ApiError } from "../api/http/errors.js";
import { idOf } from "../api/reads/find.js";
import { findMemberByEmail } from "../api/reads/memberLists.js";
import { notice } from "../api/text/notice.js";
import { isExpired } from "../contract/expiry.js";
import type { Declaring, Opening } from "../contract/resource.js";
import { isLastAdmin, wayOut, type Membership } from "../guards/lockout.js";
import { decisionDate, type Session } from "../session/session.js";
import type { Settings } from "../api/http/settings.js";
import { whyOver, type EndingInputs } from "./ending.js";

/** The end of the access of an organization's only administrator: refused when it is declared, and when it is due. */

interface Change extends Opening {
  readonly state: Membership & { readonly expires?: string | undefined };
  readonly inputs: EndingInputs;
  readonly isReplacement: boolean;
  readonly settings: Settings;
}

/**
 * Refuses to declare an end for the only administrator of an organization. If the end was declared before and is due
 * now, a preview says that the removal will be refused.
 */
export async function guardEndOfLastAdmin(change: Change, organization: string): Promise<void> {
  const { state, inputs, isReplacement, settings, open } = change;
  const { expires, allowLockout } = inputs;
  if (isReplacement || expires === undefined || allowLockout === true) return;
  const isNew = state.expires !== expires;
  if (!isNew && !isExpired(expires, await decisionDate(settings, open))) return;
  if (!(await isSeenAsLast(state, organization, await open()))) return;
  if (isNew) throw new Error(refusal(state.member, organization));
  notice(
    `${whyOver(inputs)}, but ${state.member} is the last administrator of ${organization}: the removal is refused unless somebody else can administer it by then. An invitation that was not accepted doesn't count`,
  );
}

/** Why an administrator can't be adopted with an end: nobody else administers the organization. */
export async function whyAdoptedIsLast(
  inputs: EndingInputs & { readonly organization: string; readonly member: string },
  { isNew, open }: Declaring,
): Promise<string | undefined> {
  const { organization, member, expires, adopt, allowLockout } = inputs;
  if (!isNew || expires === undefined || adopt !== true || allowLockout === true) return undefined;
  const session = await open();
  const present = await findMemberByEmail(session.api, organization, member);
  if (present === undefined) return undefined;
  const membership = { member, memberId: idOf(present.name) };
  return (await isSeenAsLast(membership, organization, session)) ? refusal(member, organization) : undefined;
}

const refusal = (member: string, organization: string): string =>
  `refused: expires ends the access of ${member}, the only administrator of ${organization}. Declare another administrator first. ${wayOut}`;

/** Without an answer of the API, this is not known. The removal asks again. */
async function isSeenAsLast(state: Membership, organization: string, { api }: Session): Promise<boolean> {
  try {
    return await isLastAdmin(state, organization, api);
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
