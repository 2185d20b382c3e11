import { asNamed, patchOf } from "./api/client.js";
import { parentOf } from "./api/find.js";
import { removeMemberTogether } from "./api/memberBatch.js";
import { MemberBody } from "./api/members.js";
import { notice } from "./api/notice.js";
import { guardDemotion, guardMembership, guardMembershipReplacement, isOurOwn } from "./guards.js";
import { email, optionalFlag, projectRole, resourceName } from "./inputs.js";
import { listedName, removeAccepted } from "./invitation.js";
import {
  addMember,
  alreadyMember,
  findMembership,
  outputsOf,
  roleOf,
  rolesOf,
  toOutputs,
  unfinishedMembership,
  type MembershipOutputs,
} from "./membership.js";
import { finish, type Resource } from "./resource.js";
import type { Session } from "./session.js";

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
  onChange: {
    project: "replace",
    member: "replace",
    role: "update",
    adopt: "ignore",
    allowLockout: "update",
  },
  computed: "memberId",
  async guardChange(change) {
    const { state, inputs } = change;
    await guardMembershipReplacement(change, state.project);
    await guardDemotion(state, inputs, change, state.project);
  },

  async create(inputs, session, urn) {
    const { project: parent, member, role } = inputs;
    const result = await addMember({ parent, member, role }, urn, session);
    if ("added" in result) {
      const { added } = result;
      return createdFrom(await finish(createdFrom(added), () => withRole(added, role, session)));
    }

    const { present } = result;
    if (inputs.adopt !== true) throw alreadyMember({ parent, member, role }, present);
    const asked = { settings: session.settings, open: () => session };
    await guardDemotion({ member, role: roleOf(present) }, inputs, asked, parent);
    const body = await withRole(present, role, session);
    notice(
      `took over the membership of ${member} in ${parent}${body === present ? "" : `, and changed its role from ${rolesOf(present)} to ${rolesOf(body)}`}`,
    );
    return createdFrom(body);
  },

  async read(id, state, { api }) {
    const body = await findMembership(id, state, api);
    if (body === undefined) return undefined;
    const actual = { project: parentOf(id), member: body.email.toLowerCase(), role: roleOf(body) };
    return { id: body.name, actual, outputs: toOutputs(body) };
  },

  async update(id, state, inputs, session) {
    const { role } = inputs;
    if (state.incomplete !== undefined) {
      return toOutputs(await withRole(await unfinishedMembership(id, state, session), role, session));
    }
    if (state.role === role) return outputsOf(state);
    const asked = { settings: session.settings, open: () => session };
    if (await isOurOwn(state, asked.open, asked.settings)) {
      // Somebody may have raised it since.
      const present = await findMembership(id, state, session.api);
      const actual = { ...state, role: present === undefined ? state.role : roleOf(present) };
      await guardDemotion(actual, inputs, asked, state.project);
    }
    return toOutputs(await changeRole(await listedName(id, state, session.api), role, session));
  },

  async delete(id, state, session) {
    await guardMembership(state, state.project, session);
    const { api } = session;
    const name = await listedName(id, state, api);
    await removeAccepted(await removeMemberTogether(api, { name, role: state.role }), id, state, api);
  },
};

const createdFrom = (body: MemberBody) => ({ id: body.name, outputs: toOutputs(body) });

const withRole = async (body: MemberBody, role: string, session: Session): Promise<MemberBody> =>
  roleOf(body) === role ? body : await changeRole(body.name, role, session);

/** One PATCH: no moment without access, and no second invitation mail. */
const changeRole = (name: string, role: string, { api }: Session): Promise<MemberBody> =>
  api.patch(name, patchOf({ roles: [role] })).then(asNamed(name, MemberBody));
