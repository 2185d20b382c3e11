import { listMembersIfAny } from "../api/reads/memberLists.js";
import { emailOf } from "../api/text/email.js";
import { idOf, parentOf } from "../api/text/resourceNames.js";
import { isInherited, type MemberBody } from "../api/bodies/members.js";
import { notice } from "../api/text/notice.js";
import type { Ending } from "../contract/expiry.js";
import type { Seen } from "../contract/resource.js";
import type { Session } from "../session/session.js";
import { otherHolderOf } from "../stack/claims.js";
import { isOver, whyOver, type EndingInputs } from "./ending.js";
import { endedOutputs, toOutputs, type Grant, type MembershipOutputs } from "./membershipOutputs.js";

type State = MembershipOutputs & EndingInputs & Pick<Grant, "member">;

/**
 * Reads a binding whose access has ended. It is expected to have no membership. If the member is back, the state says
 * so, and the next update removes the membership.
 *
 * @returns undefined if the API proves that the project or organization is gone
 */
export async function readEnded(
  id: string,
  state: State,
  { api }: Session,
  urn: string,
): Promise<Seen<object, MembershipOutputs> | undefined> {
  const parent = parentOf(id);
  const members = await listMembersIfAny(api, parent);
  if (members === undefined) return undefined;
  const ended = { actual: {}, outputs: endedOutputs(state, state.member) };
  const present = members.find((body) => !isInherited(body) && isMembershipOf(state, body));
  if (present === undefined || (await otherHolderOf(present.name, urn)) !== undefined) return ended;
  if (state.memberId === "" && state.adopt !== true) {
    notice(
      `${state.member} is a member of ${parent}, which this resource did not grant, so it stays although ${whyOver(state)}. To end that access, run \`pulumi-dt remove ${present.name}\``,
    );
    return ended;
  }
  return {
    id: present.name,
    actual: {},
    outputs: toOutputs(present),
    incomplete: `${state.member} is a member of ${parent} again, although ${whyOver(state)}: the next \`pulumi up\` removes the membership`,
  };
}

/** Reads a binding without a membership in the cloud. It is gone, unless its access is over. */
export async function readAbsent(
  id: string,
  state: State & Ending,
  session: Session,
  urn: string,
): Promise<Seen<object, MembershipOutputs> | undefined> {
  // A lookup has no state.
  const isRecorded = (state.memberId as string | undefined) !== undefined;
  return isRecorded && (await isOver(state, session, state)) ? readEnded(id, state, session, urn) : undefined;
}

const isMembershipOf = ({ member, memberId }: State, body: MemberBody): boolean =>
  emailOf(body) === emailOf({ email: member }) || (memberId !== "" && idOf(body.name) === memberId);
