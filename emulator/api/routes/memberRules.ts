import { roleTable } from "../../auth/roles";
import { ApiError } from "../../cloud/apiError";
import type { CloudState } from "../../cloud/cloudState";
import { parentOf } from "../../cloud/ids";
import type { Member } from "../../cloud/resources";
import type { Call } from "../call";

/** Checks that there is exactly one role, and that it exists and fits the scope. @throws {ApiError} */
export function validateRoles(call: Call<unknown>, scope: string, roles: string[]): string[] {
  const { unknowns } = call.cloud;
  if (roles.length !== 1 && unknowns.wrongRoleCount === "400")
    throw new ApiError(400, "exactly one role is required");
  for (const role of roles) {
    if (!roleTable(unknowns).roles.some(({ name }) => name === role))
      throw new ApiError(unknowns.unknownRoleStatus, "no such role");
    const kind = scope.startsWith("projects/") ? "roles/project." : "roles/organization.";
    if (!role.startsWith(kind))
      throw new ApiError(unknowns.wrongScopeStatus, "the role does not apply to this scope");
    checkGrantAboveOwnRole(call, scope, role);
  }
  return roles;
}

function checkGrantAboveOwnRole(call: Call<unknown>, scope: string, role: string): void {
  if (call.cloud.unknowns.grantAboveOwnRole === "ok" || role !== "roles/project.admin") return;
  const organization = call.cloud.projects.get(scope)?.organization ?? "";
  if (!call.hasPermission("membership.create", organization))
    throw new ApiError(403, "the caller may not grant this role");
}

/** @throws {ApiError} 400 if the account belongs to another organization and `accountsOfOtherOrganizations` refuses that */
export function checkAccountOrganization({ cloud }: Call<unknown>, scope: string, email: string): void {
  const home = cloud.organizationOfAccount(email);
  if (cloud.unknowns.accountsOfOtherOrganizations === "ok" || home === undefined) return;
  if (home !== (cloud.projects.get(scope)?.organization ?? scope))
    throw new ApiError(400, "the service account belongs to another organization");
}

/** @throws {ApiError} 400 if the change would remove the last admin and the unknowns refuse that */
export function checkNotLastAdmin(cloud: CloudState, member: Member, newRoles: readonly string[]): void {
  const scope = parentOf(member.name);
  const ofProject = scope.startsWith("projects/");
  const { lastAdminRemoval, lastProjectAdminRemoval } = cloud.unknowns;
  if ((ofProject ? lastProjectAdminRemoval : lastAdminRemoval) === "ok") return;
  const role = ofProject ? "roles/project.admin" : "roles/organization.admin";
  if (!member.roles.includes(role) || newRoles.includes(role)) return;
  const others = cloud.members.list(scope).filter((other) => other !== member && other.roles.includes(role));
  if (others.length === 0) throw new ApiError(400, "the last administrator cannot be removed");
}
