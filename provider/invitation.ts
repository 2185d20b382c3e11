import { parentOf, remove } from "./api/find.js";
import { findMemberByEmail, listMembers } from "./api/members.js";
import { findMembership, type Grant, type MembershipOutputs } from "./membership.js";
import type { Session } from "./session.js";

/** An invited person's membership, which may get another name when the invitation is accepted. */

/**
 * The name that a membership has by now, without asking where it can't have changed. As long as nobody has accepted the invitation, it
 * may have got another one: the first of a place is asked for by itself, and a list of the place serves all that come after it.
 */
export async function currentName(
  id: string,
  state: MembershipOutputs & Pick<Grant, "member">,
  api: Session["api"],
): Promise<string> {
  const { member, memberId, status } = state;
  const name = `${parentOf(id)}/members/${memberId}`;
  if (status !== "PENDING") return name;
  const listed = (await namesIn(parentOf(id), api))?.get(member);
  return listed ?? (await findMembership(id, state, api))?.name ?? name;
}

type Names = ReadonlyMap<string, string>;
const lists = new WeakMap<Session["api"], Map<string, Promise<Names | undefined> | undefined>>();

/** Names of a place's members by email, as they were when somebody asked for the second time; undefined where that is not known. */
function namesIn(parent: string, api: Session["api"]): Promise<Names | undefined> | undefined {
  const known = lists.get(api) ?? new Map<string, Promise<Names | undefined> | undefined>();
  lists.set(api, known);
  const isFirst = !known.has(parent);
  const names = isFirst ? undefined : (known.get(parent) ?? listNames(parent, api));
  known.set(parent, names);
  return names;
}

const listNames = (parent: string, api: Session["api"]): Promise<Names | undefined> =>
  listMembers(api, parent).then(
    (members) => new Map(members.map(({ email, name }) => [email.toLowerCase(), name])),
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
  { member, status }: MembershipOutputs & Pick<Grant, "member">,
  api: Session["api"],
): Promise<void> {
  if (wasThere || status !== "PENDING") return;
  const accepted = await findMemberByEmail(api, parentOf(id), member);
  if (accepted !== undefined) await remove(api, accepted.name);
}
