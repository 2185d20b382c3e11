import {
  alreadyMember,
  announceMembershipAdoption,
  reportAdoption,
  reportNothingToAdopt,
} from "../memberships/adoption.js";
import { parseAsNamed, patchOf } from "../api/http/client.js";
import { parentOf } from "../api/reads/find.js";
import { removeMemberTogether } from "../api/writes/memberBatch.js";
import { MemberBody } from "../api/bodies/members.js";
import { guardDemotion, guardMembership, guardMembershipReplacement, isOurOwn } from "../guards/lockout.js";
import { email, optionalFlag, projectRole, resourceName } from "../contract/inputs.js";
import { listedName, removeAccepted } from "../memberships/invitation.js";
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
import { finishCreation, type Resource } from "../contract/resource.js";
import { membershipIdIn } from "./importIds.js";
import type { Session } from "../session/session.js";

export interface ProjectRoleBindingInputs {
  readonly project: string;
  /** Email of a person or a service account. */
  readonly member: string;
  readonly role: string;
  readonly adopt?: true | undefined;
  readonly allowLockout?: true | undefined;
}

export const projectRoleBindingResource: Resource<ProjectRoleBindingInputs, MembershipOutputs> = {
  check: {
    project: resourceName("projects"),
    member: email,
    role: projectRole,
    adopt: optionalFlag,
    allowLockout: optionalFlag,
  },
  declares: ({ project, member }) => `${project}/members/${member}`,
  onChange: {
    project: "replace",
    member: "replace",
    role: "update",
    adopt: "ignore",
    allowLockout: "update",
  },
  computed: "memberId",
  outputs: membershipOutputs,
  moves: movedMembershipOutputs,
  resolveId: membershipIdIn("projects"),
  holds: membershipNames,
  staysTheSame: async (input, { id, state, inputs, open }) =>
    input === "member" && isSameMembership(id, state, inputs.member, await open()),
  announceAdoption: ({ project: parent, member, role }, session) =>
    announceMembershipAdoption({ parent, member, role }, session),
  async guardChange(change) {
    const { state, inputs } = change;
    await guardMembershipReplacement(change, state.project);
    await guardDemotion(state, inputs, change, state.project);
  },

  async create(inputs, session, urn) {
    const { project: parent, member, role } = inputs;
    const grant = { parent, member, role };
    const result = await addMember(grant, urn, session);
    if ("added" in result) {
      const { added } = result;
      if (inputs.adopt === true) reportNothingToAdopt(grant, added);
      return createdFrom(await finishCreation(createdFrom(added), () => withRole(added, role, session)));
    }

    const { present } = result;
    if (inputs.adopt !== true && result.holder?.urn !== urn) throw alreadyMember(grant, result, urn);
    const asked = { settings: session.settings, open: () => session };
    await guardDemotion({ member, role: roleOf(present) }, inputs, asked, parent);
    const body = await withRole(present, role, session);
    reportAdoption(grant, result, body, urn);
    return createdFrom(body);
  },

  async read(id, state, { api }) {
    const body = await findMembership(id, state, api);
    if (body === undefined) return undefined;
    const actual = { project: parentOf(id), member: declaredAddress(state, body), role: roleOf(body) };
    return { id: body.name, actual, outputs: toOutputs(body) };
  },

  async update(id, state, inputs, session) {
    const { role } = inputs;
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
    if (await isKept(...membershipNames(id, state))) return;
    await guardMembership(state, state.project, session);
    const { api } = session;
    const name = await listedName(id, state, api);
    await removeAccepted(await removeMemberTogether(api, { name, role: state.role }), id, state, api);
  },
};

const createdFrom = (body: MemberBody) => ({ id: body.name, outputs: toOutputs(body) });

const withRole = async (body: MemberBody, role: string, session: Session): Promise<MemberBody> =>
  roleOf(body) === role ? body : await changeRole(body.name, role, session);

/** Changes the role in one PATCH: the member keeps access, and gets no second invitation mail. */
const changeRole = (name: string, role: string, { api }: Session): Promise<MemberBody> =>
  api.patch(name, patchOf({ roles: [role] })).then(parseAsNamed(name, MemberBody));
