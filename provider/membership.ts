import { as } from "./api/client.js";
import { isConflict } from "./api/errors.js";
import { idOf, remove } from "./api/find.js";
import { findMemberByEmail, MemberBody } from "./api/members.js";
import type { Session } from "./session.js";

/** What project and organization memberships have in common: one email, one parent, one role. */
export interface MembershipOutputs {
  readonly memberId: string;
  /** `PENDING` until an invited person accepts, then `ACCEPTED`. */
  readonly status: string;
  /** `USER` or `SERVICE_ACCOUNT`. */
  readonly accountType: string;
  readonly displayName: string;
}

export interface Grant {
  /** `projects/P` or `organizations/O` */
  readonly parent: string;
  readonly member: string;
  readonly role: string;
}

/**
 * Adds a member.
 *
 * @returns the new membership, or the present one where the email is a member already.
 */
export async function addMember(
  { parent, member, role }: Grant,
  { api }: Session,
): Promise<{ added: MemberBody } | { present: MemberBody }> {
  try {
    const body = await api
      .post(`${parent}/members`, { json: { roles: [role], email: member }, context: { dependsOn: member } })
      .then(as(MemberBody));
    return { added: await refuseImpostor(body, member, api) };
  } catch (error) {
    const present = isConflict(error) ? await findMemberByEmail(api, parent, member) : undefined;
    if (present === undefined) throw error;
    return { present };
  }
}

/** The API may take a mistyped service account for a person and invite it: that grants access to nobody we mean. */
async function refuseImpostor(body: MemberBody, member: string, api: Session["api"]): Promise<MemberBody> {
  if (body.accountType !== "USER" || !member.endsWith(".serviceaccount.d21s.com")) return body;
  await remove(api, body.name);
  throw new Error(`${member} is no service account that exists, and was not added`);
}

/** Where an email is a member already and may not be taken over without a word: a later destroy would remove what somebody else granted. */
export function alreadyMember({ parent, member }: Grant, present: MemberBody): Error {
  return new Error(
    `${member} is already a member of ${parent}, as ${rolesOf(present)}; set adopt: true on this resource to take the membership over, or remove it there first`,
  );
}

export const rolesOf = ({ roles }: MemberBody): string =>
  roles.map((role) => role.replace(/^roles\//, "")).join(" and ") || "no role";

/** The role as the API has it: one is the rule, and several are shown as they are, so that they differ from any one. */
export const roleOf = ({ roles }: MemberBody): string => roles.join(",");

export const toOutputs = ({ name, status, accountType, displayName }: MemberBody): MembershipOutputs => ({
  memberId: idOf(name),
  status,
  accountType,
  displayName,
});

/** The outputs in a state, for an update that changes nothing in the cloud. */
export const outputsOf = ({
  memberId,
  status,
  accountType,
  displayName,
}: MembershipOutputs): MembershipOutputs => ({
  memberId,
  status,
  accountType,
  displayName,
});
