import { emailOf } from "../api/text/email.js";
import { ApiError } from "../api/http/errors.js";
import { find, idOf, parentOf } from "../api/reads/find.js";
import { MemberBody } from "../api/bodies/members.js";
import { notice } from "../api/text/notice.js";
import type { Grant, MembershipOutputs } from "./membership.js";
import type { Session } from "../session/session.js";

/** A membership is known by its id: the address on it may change, and nobody loses access. */

/** The address to be kept as `member`: a membership stays the declared one, by its id, when its address changes. */
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

/** Whether the membership of a state has the address that the program names now: then its person stays the same. */
export async function isSameMembership(
  id: string,
  state: MembershipOutputs & Pick<Grant, "member">,
  wanted: string,
  { api }: Session,
): Promise<boolean> {
  if (emailOf({ email: state.member }) === wanted) return true;
  try {
    const body = await find(api, `${parentOf(id)}/members/${state.memberId}`, MemberBody);
    return body !== undefined && emailOf(body) === wanted;
  } catch (error) {
    // Without an answer the new address counts as another person. A replacement that meets the same membership keeps it.
    if (error instanceof ApiError) return false;
    throw error;
  }
}
