import { emailOf } from "../api/text/email.js";
import { parentOf, remove } from "../api/reads/find.js";
import { findMemberByEmail, listMembers } from "../api/bodies/members.js";
import { findMembership, type Grant, type MembershipOutputs } from "./membership.js";
import type { Session } from "../session/session.js";

/** An invited person's membership, which may get another name when the invitation is accepted. */

type Invited = MembershipOutputs & Pick<Grant, "member">;

/** The name that a membership has by now: as long as nobody has accepted the invitation, it may have got another one. */
export async function currentName(id: string, state: Invited, api: Session["api"]): Promise<string> {
  const moved = state.status === "PENDING" ? await findMembership(id, state, api) : undefined;
  return moved?.name ?? `${parentOf(id)}/members/${state.memberId}`;
}

/** The same for one of many: the first of a place is asked for by itself, and a list of the place serves all that come after it. */
export async function listedName(id: string, state: Invited, api: Session["api"]): Promise<string> {
  const listed =
    state.status === "PENDING" ? (await namesIn(parentOf(id), api))?.get(state.member) : undefined;
  return listed ?? (await currentName(id, state, api));
}

type Names = ReadonlyMap<string, string>;
type Places = Map<string, Promise<Names | undefined> | undefined>;
const lists = new WeakMap<Session["api"], Places>();

/** Names of a place's members by email, as they were when somebody asked for the second time; undefined where that is not known. */
function namesIn(parent: string, api: Session["api"]): Promise<Names | undefined> | undefined {
  const known = lists.get(api) ?? (new Map() as Places);
  lists.set(api, known);
  const isFirst = !known.has(parent);
  const names = isFirst ? undefined : (known.get(parent) ?? listNames(parent, api));
  known.set(parent, names);
  return names;
}

const listNames = (parent: string, api: Session["api"]): Promise<Names | undefined> =>
  listMembers(api, parent).then(
    (members) => new Map(members.map((body) => [emailOf(body), body.name])),
    () => undefined,
  );

/**
 * Removes whoever accepted an invitation since its place was listed, and is a member under another name now.
 *
 * @param wasThere whether the membership was there under the name that was known
 */
export async function removeAccepted(
  wasThere: boolean,
  id: string,
  { member, status }: Invited,
  api: Session["api"],
): Promise<void> {
  if (wasThere || status !== "PENDING") return;
  const accepted = await findMemberByEmail(api, parentOf(id), member);
  if (accepted !== undefined) await remove(api, accepted.name);
}
