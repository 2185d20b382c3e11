import { emailOf } from "../api/text/email.js";
import { parentOf, remove } from "../api/reads/find.js";
import { findMemberByEmail, listMembers } from "../api/reads/memberLists.js";
import { findMembership } from "./membership.js";
import type { Grant, MembershipOutputs } from "./membershipOutputs.js";
import type { Session } from "../session/session.js";

/** The membership of an invited person. It may get another name when the person accepts the invitation. */

type Invited = MembershipOutputs & Pick<Grant, "member">;

/** The current name of a membership. It may have changed if the state knows the membership as a pending invitation. */
export async function currentName(id: string, state: Invited, api: Session["api"]): Promise<string> {
  const moved = state.status === "PENDING" ? await findMembership(id, state, api) : undefined;
  return moved?.name ?? `${parentOf(id)}/members/${state.memberId}`;
}

/** The same for many memberships. Reads the first one in a place alone. Lists the place once for all later ones. */
export async function listedName(id: string, state: Invited, api: Session["api"]): Promise<string> {
  const listed =
    state.status === "PENDING" ? (await namesIn(parentOf(id), api))?.get(state.member) : undefined;
  return listed ?? (await currentName(id, state, api));
}

type Names = ReadonlyMap<string, string>;
type Places = Map<string, Promise<Names | undefined> | undefined>;
const lists = new WeakMap<Session["api"], Places>();

/** Names of a place's members by email, listed at the second call. Undefined at the first, and if the list fails. */
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
 * Removes the membership of a person who accepted the invitation after its place was listed. The membership may have
 * another name since.
 *
 * @param wasThere whether the membership existed under the known name
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
