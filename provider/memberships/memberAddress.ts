import { emailOf } from "../api/text/email.js";
import { ApiError } from "../api/http/errors.js";
import { find, idOf, parentOf } from "../api/reads/find.js";
import { MemberBody } from "../api/bodies/members.js";
import { notice } from "../api/text/notice.js";
import type { Grant, MembershipOutputs } from "./membershipOutputs.js";
import type { Session } from "../session/session.js";

/** The id identifies a membership. Its address may change, and nobody loses access. */

/**
 * The address for `member`. If the address of the declared membership has changed, prints that, and keeps the old one.
 */
export function declaredAddress(
  state: Partial<MembershipOutputs> & Pick<Grant, "member">,
  body: MemberBody,
): string {
  const email = emailOf(body);
  if (state.memberId !== idOf(body.name) || state.member === email) return email;
  notice(
    `${body.name}: ${state.member} has the address ${email} now, so put that into the program; nothing changes in the cloud`,
  );
  return state.member;
}

/**
 * Whether the membership in the state has the address that the program names now. If so, it is the same person. A
 * preview shows two addresses then, so a notice says that they belong to one person.
 */
export async function isSameMembership(
  id: string,
  state: MembershipOutputs & Pick<Grant, "member">,
  wanted: string,
  { api }: Session,
): Promise<boolean> {
  if (emailOf({ email: state.member }) === wanted) return true;
  try {
    const body = await find(api, `${parentOf(id)}/members/${state.memberId}`, MemberBody);
    if (body === undefined || emailOf(body) !== wanted) return false;
    notice(
      `${body.name}: ${wanted} is the present address of ${state.member}. It is the same person, and the membership stays`,
    );
    return true;
  } catch (error) {
    // Without an answer, treat the new address as another person. If the replacement finds the same membership, it
    // keeps that one.
    if (error instanceof ApiError) return false;
    throw error;
  }
}
