import { ApiError } from "./apiError";
import type { CloudState } from "./cloudState";
import { idOf } from "./ids";
import { isRemovedByExpiry } from "./invitations";
import { isPropagating } from "./propagation";
import type { Member } from "./resources";

/** Finds the account or user with this email. Creates a placeholder for an unknown user. @throws {ApiError} 400 or 404 */
function resolvePrincipal(
  cloud: CloudState,
  email: string,
): Pick<Member, "displayName" | "email" | "accountType" | "status"> & { id: string } {
  if (/\.serviceaccount\.d21s\.com$/i.test(email)) {
    const account = cloud.accountByEmail(email);
    if (account && isPropagating(cloud, "accounts", account))
      throw new ApiError(404, "no such service account");
    if (account)
      return {
        id: idOf(account.name),
        displayName: account.displayName,
        email: account.email,
        accountType: "SERVICE_ACCOUNT",
        status: "ACCEPTED",
      };
    const status = cloud.unknowns.unknownServiceAccountEmail;
    if (status !== "pending") throw new ApiError(status, "no such service account");
  }
  const user = cloud.userByEmail(email) ?? cloud.addUser({ email, displayName: email, known: false });
  return {
    id: idOf(user.name),
    displayName: user.displayName,
    email: user.email,
    accountType: "USER",
    status: user.known ? "ACCEPTED" : "PENDING",
  };
}

/** @throws {ApiError} 409 if the membership already exists */
export function addMember(cloud: CloudState, scope: string, email: string, roles: string[]): Member {
  const { id, ...who } = resolvePrincipal(cloud, email);
  const name = `${scope}/members/${id}`;
  const present = cloud.members.get(name);
  if (present && isRemovedByExpiry(cloud, present)) cloud.members.remove(present);
  else if (present) throw new ApiError(409, "already exists");
  return cloud.members.add({ name, roles, createTime: cloud.clock.timestamp(), ...who });
}
