import { idOf, parentOf, remove } from "./api/find.js";
import type { MemberBody } from "./api/members.js";
import { notice } from "./api/notice.js";
import { guardLastAdmin, guardMembership, guardMembershipReplacement, tellOfLastAdmin } from "./guards.js";
import { inTurn } from "./inTurn.js";
import { email, optionalFlag, resourceName } from "./inputs.js";
import { currentName } from "./invitation.js";
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
import type { Resource } from "./resource.js";
import type { Session } from "./session.js";

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

/** Whom this process has removed: a list may go on showing them for some seconds. */
const removed = new Set<string>();

export const orgAdminBindingResource: Resource<OrgAdminBindingInputs, MembershipOutputs> = {
  check: {
    organization: resourceName("organizations"),
    member: email,
    role: () => adminRole,
    adopt: optionalFlag,
    allowLockout: optionalFlag,
  },
  onChange: {
    organization: "replace",
    member: "replace",
    role: "recreate",
    adopt: "ignore",
    allowLockout: "update",
  },
  computed: "memberId",
  async guardChange(change) {
    const { organization } = change.state;
    await guardMembershipReplacement(change, organization);
    await tellOfLastAdmin(change, organization);
  },

  async create(inputs, session, urn) {
    const body = await bind(inputs, session, urn);
    removed.delete(body.name);
    return { id: body.name, outputs: toOutputs(body) };
  },

  async read(id, state, { api }) {
    const body = await findMembership(id, state, api);
    if (body === undefined) return undefined;
    const actual = { organization: parentOf(id), member: body.email.toLowerCase(), role: roleOf(body) };
    return { id: body.name, actual, outputs: toOutputs(body) };
  },

  async update(id, state, _inputs, session) {
    return state.incomplete === undefined
      ? outputsOf(state)
      : toOutputs(await unfinishedMembership(id, state, session));
  },

  async delete(id, state, session) {
    const { organization } = state;
    await guardMembership(state, organization, session);
    // One at a time: two that look at once would each see the other's admin.
    await inTurn(organization, async () => {
      // Asked for each by itself: whom the guard judges must be whom we remove.
      const name = await currentName(id, state, session.api);
      await guardLastAdmin({ ...state, memberId: idOf(name) }, organization, session.api, removed);
      await remove(session.api, name);
      removed.add(name);
    });
  },
};

async function bind(inputs: OrgAdminBindingInputs, session: Session, urn: string): Promise<MemberBody> {
  const { organization: parent, member } = inputs;
  const grant = { parent, member, role: adminRole };
  const result = await addMember(grant, urn, session);
  if ("added" in result) return result.added;

  const { present } = result;
  if (inputs.adopt !== true) throw alreadyMember(grant, present);
  const isAdmin = roleOf(present) === adminRole;
  const body = isAdmin ? present : await readd(present, inputs, urn, session);
  notice(
    `took over the membership of ${member} in ${parent}${isAdmin ? "" : `, and changed its role from ${rolesOf(present)} to ${rolesOf(body)}`}`,
  );
  return body;
}

/**
 * An organization's members have no PATCH: a role changes by leaving and coming back. Whoever administers it besides what else they
 * are there, could not come back: so that is refused where we, or nobody else, could let them in again.
 */
async function readd(
  { name }: MemberBody,
  { organization: parent, member, allowLockout }: OrgAdminBindingInputs,
  urn: string,
  session: Session,
): Promise<MemberBody> {
  const membership = { member, memberId: idOf(name), allowLockout };
  await guardMembership(membership, parent, session);
  return inTurn(parent, async () => {
    await guardLastAdmin(membership, parent, session.api, removed);
    await remove(session.api, name);
    const result = await addMember({ parent, member, role: adminRole }, urn, session);
    return "added" in result ? result.added : result.present;
  });
}
