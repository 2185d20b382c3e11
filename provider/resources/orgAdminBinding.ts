import {
  alreadyMember,
  announceMembershipAdoption,
  reportAdoption,
  reportNothingToAdopt,
} from "../memberships/adoption.js";
import { removeAdmin, removedAdmins } from "../memberships/adminRemoval.js";
import { idOf, parentOf, remove } from "../api/reads/find.js";
import type { MemberBody } from "../api/bodies/members.js";
import {
  guardLastAdmin,
  guardMembership,
  guardMembershipReplacement,
  describeLastAdmin,
} from "../guards/lockout.js";
import { withLock } from "../guards/lock.js";
import { email, optionalFlag, resourceName } from "../contract/inputs.js";
import { addMember, findMembership, unfinishedMembership } from "../memberships/membership.js";
import {
  membershipOutputs,
  movedMembershipOutputs,
  membershipNames,
  outputsOf,
  roleOf,
  toOutputs,
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
  readonly adopt?: true | undefined;
  readonly allowLockout?: true | undefined;
}

export const orgAdminBindingResource: Resource<OrgAdminBindingInputs, MembershipOutputs> = {
  check: {
    organization: resourceName("organizations"),
    member: email,
    role: () => adminRole,
    adopt: optionalFlag,
    allowLockout: optionalFlag,
  },
  declares: ({ organization, member }) => `${organization}/members/${member}`,
  onChange: {
    organization: "replace",
    member: "replace",
    role: "recreate",
    adopt: "ignore",
    allowLockout: "update",
  },
  computed: "memberId",
  outputs: membershipOutputs,
  moves: movedMembershipOutputs,
  resolveId: membershipIdIn("organizations"),
  holds: membershipNames,
  staysTheSame: async (input, { id, state, inputs, open }) =>
    input === "member" && isSameMembership(id, state, inputs.member, await open()),
  announceAdoption: ({ organization: parent, member, role }, session) =>
    announceMembershipAdoption({ parent, member, role }, session),
  async guardChange(change) {
    const { organization } = change.state;
    await guardMembershipReplacement(change, organization);
    await describeLastAdmin(change, organization);
  },

  async create(inputs, session, urn) {
    const body = await bind(inputs, session, urn);
    removedAdmins.delete(body.name);
    return { id: body.name, outputs: toOutputs(body) };
  },

  async read(id, state, { api }) {
    const body = await findMembership(id, state, api);
    if (body === undefined) return undefined;
    const actual = { organization: parentOf(id), member: declaredAddress(state, body), role: roleOf(body) };
    return { id: body.name, actual, outputs: toOutputs(body) };
  },

  async update(id, state, inputs, session) {
    return state.incomplete === undefined
      ? outputsOf(state, inputs.member)
      : toOutputs(await unfinishedMembership(id, state, session));
  },

  async delete(id, state, session, isKept) {
    if (await isKept(...membershipNames(id, state))) return;
    const { organization } = state;
    await guardMembership(state, organization, session);
    await removeAdmin({ id, state }, organization, session.api);
  },
};

async function bind(inputs: OrgAdminBindingInputs, session: Session, urn: string): Promise<MemberBody> {
  const { organization: parent, member } = inputs;
  const grant = { parent, member, role: adminRole };
  const result = await addMember(grant, urn, session);
  if ("added" in result) {
    if (inputs.adopt === true) reportNothingToAdopt(grant, result.added);
    return result.added;
  }

  const { present } = result;
  if (inputs.adopt !== true && result.holder?.urn !== urn) throw alreadyMember(grant, result, urn);
  const body = roleOf(present) === adminRole ? present : await readd(present, inputs, urn, session);
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
