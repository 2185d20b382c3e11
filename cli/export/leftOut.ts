import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { ServiceAccountBody } from "../../provider/api/bodies/serviceAccounts.js";
import { organizationAdmin } from "../../provider/api/text/roles.js";

/** Something that a program can't declare without a change. */
export interface LeftOut {
  readonly id: string;
  readonly email: string;
  readonly reason: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Why an account can't be declared. Undefined if it can. */
export function leftOutAccount({ name, email, displayName }: ServiceAccountBody): LeftOut | undefined {
  if (displayName.trim() !== "") return undefined;
  const reason = "it has no display name, and a declared account needs one";
  return { id: name, email, reason, remedy: "give it a display name, and export again" };
}

/**
 * Why a membership can't be declared. Undefined if it can.
 *
 * @param isTaken whether the program already declares this address in this place
 */
export function leftOutMember({ name, email, roles }: MemberBody, isTaken: boolean): LeftOut | undefined {
  const because = (reason: string, remedy: string): LeftOut => ({ id: name, email, reason, remedy });
  const accept = `or accept it: pulumi-dt record ${name} --reason "..."`;
  if (isTaken) {
    return because(
      "another member there has the same address in another spelling, and a program declares an address once",
      `remove one of the two: pulumi-dt remove ${name}`,
    );
  }
  if (roles.length !== 1) {
    return because(
      `it has ${roles.length} roles, and a declared one has one`,
      `leave it one role, and export again, ${accept}`,
    );
  }
  if (name.startsWith("organizations/") && roles[0] !== organizationAdmin) {
    return because(
      `its role is ${String(roles[0])}, and only administrators are declared`,
      `make the member an administrator, and export again, ${accept}`,
    );
  }
  return undefined;
}
