import type { MemberBody } from "../api/bodies/members.js";
import { idOf, parentOf } from "../api/reads/find.js";
import { emailOf } from "../api/text/email.js";

/** The outputs of a membership in a project or an organization. A membership has one email, one parent and one role. */
export interface MembershipOutputs {
  readonly memberId: string;
  /** `PENDING` until an invited person accepts, then `ACCEPTED`. */
  readonly status: string;
  /** `USER` or `SERVICE_ACCOUNT`. */
  readonly accountType: string;
  readonly displayName: string;
  /**
   * The current address of the membership. It differs from `member` if a person has accepted the invitation with
   * another address. Absent in states of earlier versions.
   */
  readonly email?: string;
  /** Whether the access has ended at `expires`. Absent in states of earlier versions. */
  readonly expired?: boolean;
  /** See `Common`. */
  readonly grantedAt?: string | undefined;
}

/** The outputs that users see. */
export const membershipOutputs = {
  memberId: "plain",
  status: "plain",
  accountType: "plain",
  displayName: "plain",
  email: "plain",
  expired: "plain",
} as const;

/**
 * The outputs that an update may change. An accepted invitation may get another member id. If another address names the
 * same membership, the address moves.
 */
export function movedMembershipOutputs({
  changed,
  state: { status },
}: {
  readonly changed: readonly string[];
  readonly state: Pick<MembershipOutputs, "status">;
}): (keyof MembershipOutputs)[] {
  if (status === "PENDING" && changed.includes("role")) return ["memberId", "status", "displayName", "email"];
  return changed.includes("member") ? ["email"] : [];
}

export interface Grant {
  /** `projects/P` or `organizations/O` */
  readonly parent: string;
  readonly member: string;
  readonly role: string;
}

/**
 * The API names of the membership in a state: by its id, and by its addresses, because an invitation may get another
 * id. None if the access has ended: then somebody else may have the membership.
 */
export const membershipNames = (
  id: string,
  { member, memberId, email, expired }: MembershipOutputs & Pick<Grant, "member">,
): string[] =>
  [memberId, member, email].flatMap((part) =>
    part === undefined || expired === true ? [] : [`${parentOf(id)}/members/${part}`],
  );

export const rolesOf = ({ roles }: MemberBody): string =>
  roles.map((role) => role.replace(/^roles\//, "")).join(" and ") || "no role";

/** The role in the API. There is normally one. Several are joined, so that the result differs from any single role. */
export const roleOf = ({ roles }: MemberBody): string => roles.join(",");

export const toOutputs = (body: MemberBody): MembershipOutputs => ({
  memberId: idOf(body.name),
  status: body.status,
  accountType: body.accountType,
  displayName: body.displayName,
  email: emailOf(body),
  expired: false,
});

/** The outputs of a binding whose access has ended: the last ones of its membership. */
export const endedOutputs = (
  state: MembershipOutputs & Pick<Grant, "member">,
  member: string,
): MembershipOutputs => ({ ...outputsOf(state, member), status: "", expired: true });

/** The outputs of a binding whose access was over before it was granted. */
export const neverGranted = (member: string): MembershipOutputs => ({
  memberId: "",
  status: "",
  accountType: "",
  displayName: "",
  email: member,
  expired: true,
});

/**
 * The outputs after an update that changes nothing in the cloud.
 *
 * @param member the address that the program names now
 */
export const outputsOf = (
  {
    memberId,
    status,
    accountType,
    displayName,
    email,
    expired = false,
    ...state
  }: MembershipOutputs & Pick<Grant, "member">,
  member: string,
): MembershipOutputs => ({
  memberId,
  status,
  accountType,
  displayName,
  // If the program names another address, the membership has that one. Otherwise this would be a replacement.
  email: member === state.member ? (email ?? member) : member,
  expired,
});
