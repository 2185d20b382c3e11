import { alreadyMember, reportAdoption, reportNothingToAdopt } from "../memberships/adoption.js";
import { removeAdmin, removedAdmins } from "../memberships/adminRemoval.js";
import { idOf, parentOf, remove } from "../api/reads/find.js";
import { serverNow } from "../api/http/serverClock.js";
import type { MemberBody } from "../api/bodies/members.js";
import {
  guardLastAdmin,
  guardMembership,
  guardMembershipReplacement,
  describeLastAdmin,
} from "../guards/lockout.js";
import { guardEndOfLastAdmin, whyAdoptedIsLast } from "../memberships/lastAdminEnd.js";
import { withLock } from "../guards/lock.js";
import { optionalExpiry } from "../contract/expiry.js";
import { email, optionalFlag, resourceName } from "../contract/inputs.js";
import { announceAdoptionOf, declareEnd, isOver, whatEnds } from "../memberships/ending.js";
import { readAbsent, readEnded } from "../memberships/endedMembership.js";
import { createEnded, endMembership, type End } from "../memberships/endMembership.js";
import { addMember, findMembership, unfinishedMembership } from "../memberships/membership.js";
import {
  membershipOutputs,
  movedMembershipOutputs,
  membershipNames,
  outputsOf,
  roleOf,
  toOutputs,
  type Grant,
  type MembershipOutputs,
} from "../memberships/membershipOutputs.js";
import { declaredAddress, isSameMembership } from "../memberships/memberAddress.js";
import { membershipIdIn } from "./importIds.js";
import type { Resource } from "../contract/resource.js";
import type { Session } from "../session/session.js";

/** The one role that this binding gives: project.admin's rights in every project, present and future, and more. */
const adminRole = "roles/organization.admin";

export interface OrgAdminBindingInputs {
  readonly organization: string;
  /** Email of a person or a service account. */
  readonly member: string;
  /** Always `roles/organization.admin`; an input only so that drift of it has a name. */
  readonly role: string;
  /** When the access ends: a date, or a time in RFC 3339, in UTC. */
  readonly expires?: string | undefined;
  readonly adopt?: true | undefined;
  readonly allowLockout?: true | undefined;
}

export const orgAdminBindingResource: Resource<OrgAdminBindingInputs, MembershipOutputs> = {
  check: {
    organization: resourceName("organizations"),
    member: email,
    role: () => adminRole,
    expires: optionalExpiry,
    adopt: optionalFlag,
    allowLockout: optionalFlag,
  },
  declares: ({ organization, member }) => `${organization}/members/${member}`,
  endsAt: ({ expires }) => expires,
  onChange: {
    organization: "replace",
    member: "replace",
    role: "recreate",
    expires: "update",
    adopt: "ignore",
    allowLockout: "update",
  },
  computed: "memberId",
  outputs: membershipOutputs,
  moves: movedMembershipOutputs,
  resolveId: membershipIdIn("organizations"),
  holds: membershipNames,
  staysTheSame: async (input, { id, state, inputs, open }) =>
    input === "member" && state.expired !== true && isSameMembership(id, state, inputs.member, await open()),
  announceAdoption: (inputs, session) => announceAdoptionOf(inputs, grantOf(inputs), session),
  async onDeclare(inputs, context) {
    const refusal = await declareEnd(inputs, grantOf(inputs), context);
    return refusal ?? (await whyAdoptedIsLast(inputs, context));
  },
  whatIsDue: ({ state, inputs, date }) => whatEnds(state, inputs, grantOf(inputs), date),
  async guardChange(change) {
    const { organization } = change.state;
    // A binding whose access has ended has nothing to lose.
    if (change.state.expired === true) return;
    await guardMembershipReplacement(change, organization);
    await describeLastAdmin(change, organization);
    await guardEndOfLastAdmin(change, organization);
  },

  async create(inputs, session, urn) {
    if (await isOver(inputs, session)) return createEnded(endOf(inputs, session, urn));
    const body = await bind(inputs, session, urn);
    return { id: body.name, outputs: toOutputs(body) };
  },

  async read(id, state, session, urn) {
    if (state.expired === true) return readEnded(id, state, session, urn);
    const body = await findMembership(id, state, session.api);
    if (body === undefined) return readAbsent(id, state, session, urn);
    const actual = { organization: parentOf(id), member: declaredAddress(state, body), role: roleOf(body) };
    return { id: body.name, actual, outputs: toOutputs(body) };
  },

  async update(id, state, inputs, session, urn) {
    if (await isOver(inputs, session, state))
      return endMembership({ id, state }, endOf(inputs, session, urn));
    if (state.expired === true) {
      const known = { isOurs: state.memberId !== "" };
      const body = await bind(inputs, session, urn, known);
      return { ...toOutputs(body), grantedAt: new Date(serverNow()).toISOString() };
    }
    return state.incomplete === undefined
      ? outputsOf(state, inputs.member)
      : toOutputs(await unfinishedMembership(id, state, session));
  },

  async delete(id, state, session, isKept) {
    if (state.expired === true || (await isKept(...membershipNames(id, state)))) return;
    const { organization } = state;
    await guardMembership(state, organization, session);
    await removeAdmin({ id, state }, organization, session.api);
  },
};

const grantOf = ({ organization: parent, member }: OrgAdminBindingInputs): Grant => ({
  parent,
  member,
  role: adminRole,
});

const endOf = (inputs: OrgAdminBindingInputs, session: Session, urn: string): End => ({
  grant: grantOf(inputs),
  inputs,
  session,
  urn,
  remove: (old) => removeAdmin(old, inputs.organization, session.api),
});

/**
 * Adds the administrator, or adopts a membership that exists already.
 *
 * @param known the recorded binding, if its access has ended: whether it ever had a membership
 */
async function bind(
  inputs: OrgAdminBindingInputs,
  session: Session,
  urn: string,
  known?: { readonly isOurs: boolean },
): Promise<MemberBody> {
  const grant = grantOf(inputs);
  const result = await addMember(grant, urn, session);
  if ("added" in result) {
    const { added } = result;
    removedAdmins.delete(added.name);
    if (inputs.adopt === true && known === undefined) reportNothingToAdopt(grant, added);
    return added;
  }

  const { present, holder } = result;
  const isOurs = holder === undefined ? known?.isOurs === true : holder.urn === urn;
  if (inputs.adopt !== true && !isOurs) throw alreadyMember(grant, result, urn);
  const body = roleOf(present) === adminRole ? present : await readd(present, inputs, urn, session);
  removedAdmins.delete(body.name);
  reportAdoption(grant, result, body, urn);
  return body;
}

/**
 * Members of an organization have no PATCH, so changing a role means removing and adding the member. The run refuses this if the
 * member is ourselves, or the only administrator: then nobody could add the member again.
 */
async function readd(
  { name }: MemberBody,
  { organization: parent, member, allowLockout }: OrgAdminBindingInputs,
  urn: string,
  session: Session,
): Promise<MemberBody> {
  const membership = { member, memberId: idOf(name), allowLockout };
  await guardMembership(membership, parent, session);
  return withLock(parent, async () => {
    await guardLastAdmin(membership, parent, session.api, removedAdmins);
    await remove(session.api, name);
    const result = await addMember({ parent, member, role: adminRole }, urn, session);
    return "added" in result ? result.added : result.present;
  });
}
