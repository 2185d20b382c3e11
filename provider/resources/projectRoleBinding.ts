import { alreadyMember, reportAdoption, reportNothingToAdopt } from "../memberships/adoption.js";
import { parseAsNamed, patchOf } from "../api/http/client.js";
import { parentOf } from "../api/reads/find.js";
import { serverNow } from "../api/http/serverClock.js";
import { removeMemberTogether } from "../api/writes/memberBatch.js";
import { MemberBody } from "../api/bodies/members.js";
import { guardDemotion, guardMembership, guardMembershipReplacement, isOurOwn } from "../guards/lockout.js";
import { optionalExpiry } from "../contract/expiry.js";
import { email, optionalFlag, projectRole, resourceName } from "../contract/inputs.js";
import { announceAdoptionOf, declareEnd, isOver, whatEnds } from "../memberships/ending.js";
import { readAbsent, readEnded } from "../memberships/endedMembership.js";
import { createEnded, endMembership, type End, type OldMembership } from "../memberships/endMembership.js";
import { listedName, removeAccepted } from "../memberships/invitation.js";
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
import { finishCreation, type Resource } from "../contract/resource.js";
import { membershipIdIn } from "./importIds.js";
import type { Session } from "../session/session.js";

export interface ProjectRoleBindingInputs {
  readonly project: string;
  /** Email of a person or a service account. */
  readonly member: string;
  readonly role: string;
  /** When the access ends: a date, or a time in RFC 3339, in UTC. */
  readonly expires?: string | undefined;
  readonly adopt?: true | undefined;
  readonly allowLockout?: true | undefined;
}

export const projectRoleBindingResource: Resource<ProjectRoleBindingInputs, MembershipOutputs> = {
  check: {
    project: resourceName("projects"),
    member: email,
    role: projectRole,
    expires: optionalExpiry,
    adopt: optionalFlag,
    allowLockout: optionalFlag,
  },
  declares: ({ project, member }) => `${project}/members/${member}`,
  endsAt: ({ expires }) => expires,
  onChange: {
    project: "replace",
    member: "replace",
    role: "update",
    expires: "update",
    adopt: "ignore",
    allowLockout: "update",
  },
  computed: "memberId",
  outputs: membershipOutputs,
  moves: movedMembershipOutputs,
  resolveId: membershipIdIn("projects"),
  holds: membershipNames,
  staysTheSame: async (input, { id, state, inputs, open }) =>
    input === "member" && state.expired !== true && isSameMembership(id, state, inputs.member, await open()),
  announceAdoption: (inputs, session) => announceAdoptionOf(inputs, grantOf(inputs), session),
  onDeclare: (inputs, context) => declareEnd(inputs, grantOf(inputs), context),
  whatIsDue: ({ state, inputs, date }) => whatEnds(state, inputs, grantOf(inputs), date),
  async guardChange(change) {
    const { state, inputs } = change;
    // A binding whose access has ended has nothing to lose.
    if (state.expired === true) return;
    await guardMembershipReplacement(change, state.project);
    await guardDemotion(state, inputs, change, state.project);
  },

  async create(inputs, session, urn) {
    if (await isOver(inputs, session)) return createEnded(endOf(inputs, session, urn));
    return createdFrom(await give(inputs, session, urn));
  },

  async read(id, state, session, urn) {
    if (state.expired === true) return readEnded(id, state, session, urn);
    const body = await findMembership(id, state, session.api);
    if (body === undefined) return readAbsent(id, state, session, urn);
    const actual = { project: parentOf(id), member: declaredAddress(state, body), role: roleOf(body) };
    return { id: body.name, actual, outputs: toOutputs(body) };
  },

  async update(id, state, inputs, session, urn) {
    const { role } = inputs;
    if (await isOver(inputs, session, state))
      return endMembership({ id, state }, endOf(inputs, session, urn));
    if (state.expired === true) {
      const known = { id, isOurs: state.memberId !== "" };
      return {
        ...toOutputs(await give(inputs, session, urn, known)),
        grantedAt: new Date(serverNow()).toISOString(),
      };
    }
    if (state.incomplete !== undefined) {
      return toOutputs(await withRole(await unfinishedMembership(id, state, session), role, session));
    }
    if (state.role === role) return outputsOf(state, inputs.member);
    const asked = { settings: session.settings, open: () => session };
    if (await isOurOwn(state, asked.open, asked.settings)) {
      // Somebody may have raised the role since.
      const present = await findMembership(id, state, session.api);
      const actual = { ...state, role: present === undefined ? state.role : roleOf(present) };
      await guardDemotion(actual, inputs, asked, state.project);
    }
    return toOutputs(await changeRole(await listedName(id, state, session.api), role, session));
  },

  async delete(id, state, session, isKept) {
    if (state.expired === true || (await isKept(...membershipNames(id, state)))) return;
    await guardMembership(state, state.project, session);
    await removeMember({ id, state }, session);
  },
};

const grantOf = ({ project: parent, member, role }: ProjectRoleBindingInputs): Grant => ({
  parent,
  member,
  role,
});

const endOf = (inputs: ProjectRoleBindingInputs, session: Session, urn: string): End => ({
  grant: grantOf(inputs),
  inputs,
  session,
  urn,
  remove: (old) => removeMember(old, session),
});

async function removeMember({ id, state }: OldMembership, { api }: Session): Promise<void> {
  const name = await listedName(id, state, api);
  await removeAccepted(await removeMemberTogether(api, { name, role: state.role }), id, state, api);
}

/**
 * Gives the role. Adds the member, or adopts a membership that exists already.
 *
 * @param known the recorded binding, if its access has ended: its id, and whether it ever had a membership
 */
async function give(
  inputs: ProjectRoleBindingInputs,
  session: Session,
  urn: string,
  known?: { readonly id: string; readonly isOurs: boolean },
): Promise<MemberBody> {
  const grant = grantOf(inputs);
  const { parent, member, role } = grant;
  const result = await addMember(grant, urn, session);
  if ("added" in result) {
    const { added } = result;
    if (inputs.adopt === true && known === undefined) reportNothingToAdopt(grant, added);
    const created = { ...createdFrom(added), ...(known === undefined ? {} : { id: known.id }) };
    return finishCreation(created, () => withRole(added, role, session));
  }

  const { present, holder } = result;
  const isOurs = holder === undefined ? known?.isOurs === true : holder.urn === urn;
  if (inputs.adopt !== true && !isOurs) throw alreadyMember(grant, result, urn);
  const asked = { settings: session.settings, open: () => session };
  await guardDemotion({ member, role: roleOf(present) }, inputs, asked, parent);
  const body = await withRole(present, role, session);
  reportAdoption(grant, result, body, urn);
  return body;
}

const createdFrom = (body: MemberBody) => ({ id: body.name, outputs: toOutputs(body) });

const withRole = async (body: MemberBody, role: string, session: Session): Promise<MemberBody> =>
  roleOf(body) === role ? body : await changeRole(body.name, role, session);

/** Changes the role in one PATCH: the member keeps access, and gets no second invitation mail. */
const changeRole = (name: string, role: string, { api }: Session): Promise<MemberBody> =>
  api.patch(name, patchOf({ roles: [role] })).then(parseAsNamed(name, MemberBody));
