import { idOf } from "../api/reads/find.js";
import { findMemberByEmail } from "../api/reads/memberLists.js";
import type { MemberBody } from "../api/bodies/members.js";
import { notice } from "../api/text/notice.js";
import type { Created } from "../contract/resource.js";
import { guardMembership, type Overridable } from "../guards/lockout.js";
import type { Session } from "../session/session.js";
import { holderOf, otherHolderOf, type Holder } from "../stack/claims.js";
import { nameIn } from "../stack/urns.js";
import { whyOver, type EndingInputs } from "./ending.js";
import { takeBackInterrupted } from "./interruptedGrant.js";
import {
  endedOutputs,
  membershipNames,
  neverGranted,
  roleOf,
  toOutputs,
  type Grant,
  type MembershipOutputs,
} from "./membershipOutputs.js";

/** Ends the access of a binding. The resource stays in the state. */

/** A membership to remove, as a state has it. */
export interface OldMembership {
  readonly id: string;
  readonly state: MembershipOutputs & Overridable & Pick<Grant, "member" | "role">;
}

export interface End {
  readonly grant: Grant;
  readonly inputs: EndingInputs;
  readonly session: Session;
  readonly urn: string;
  /** Removes a membership, as the deletion of the binding does, with the same guards. */
  readonly remove: (old: OldMembership) => Promise<void>;
}

/** Removes the membership of a recorded binding, unless another resource of the stack holds it. */
export async function endMembership({ id, state }: OldMembership, end: End): Promise<MembershipOutputs> {
  const { grant, urn } = end;
  if (state.expired !== true) {
    const held = await otherHolder(membershipNames(id, state), urn);
    if (held === undefined) await remove({ id, state }, end);
    else notice(`kept ${id}: "${nameIn(held.urn)}" of this stack holds it`);
  }
  await takeBackInterrupted(grant, urn, end.session, (body) => remove(asOld(body, grant), end));
  return endedOutputs(state, grant.member);
}

async function otherHolder(names: readonly string[], urn: string): Promise<Holder | undefined> {
  for (const name of names) {
    const holder = await otherHolderOf(name, urn);
    if (holder !== undefined) return holder;
  }
  return undefined;
}

/**
 * Records a binding whose access is over before it was granted. Adds nobody. With `adopt`, removes the present
 * membership.
 */
export async function createEnded(end: End): Promise<Created<MembershipOutputs>> {
  const { grant, inputs, session, urn } = end;
  const { parent, member } = grant;
  await takeBackInterrupted(grant, urn, session, (body) => remove(asOld(body, grant), end));
  const present = inputs.adopt === true ? await findMemberByEmail(session.api, parent, member) : undefined;
  if (present === undefined) return { id: `${parent}/members/${member}`, outputs: neverGranted(member) };
  const holder = await holderOf(present.name, urn);
  // If this is a rename or a replacement, the deletion of the old resource removes the membership.
  if (holder === undefined) await remove(asOld(present, grant), end);
  else notice(`kept ${present.name}: "${nameIn(holder.urn)}" of this stack holds it`);
  const old = { ...toOutputs(present), member };
  return { id: present.name, outputs: endedOutputs(old, member) };
}

const asOld = (body: MemberBody, { member }: Grant): OldMembership => ({
  id: body.name,
  state: { ...toOutputs(body), member, role: roleOf(body) },
});

async function remove({ id, state }: OldMembership, { grant, inputs, session, remove: send }: End) {
  const { parent, member } = grant;
  const { allowLockout } = inputs;
  const membership = { ...state, memberId: state.memberId || idOf(id), allowLockout };
  await guardMembership(membership, parent, session);
  await send({ id, state: membership });
  notice(`ended the access of ${member} to ${parent}: ${whyOver(inputs)}`);
}
