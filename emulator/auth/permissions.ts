import { ApiError } from "../cloud/apiError";
import type { CloudState } from "../cloud/cloudState";
import { isPropagating } from "../cloud/propagation";
import { roleTable } from "./roles";

/** Who calls: a service account, found by the token or the Basic credentials it sent. */
export interface Caller {
  email: string;
  /** Member id, equal to the account's id. */
  id: string;
  keyId: string;
}

/** What a caller may do in `projects/<id>` or `organizations/<id>`; empty for a stranger. */
export function permissionsIn(scope: string, caller: Caller, cloud: CloudState): string[] {
  return [...new Set(permissionSetsIn(scope, caller, cloud).flatMap((permissions) => [...permissions]))];
}

/** Whether a caller may do this there. */
export function hasPermission(permission: string, scope: string, caller: Caller, cloud: CloudState): boolean {
  return permissionSetsIn(scope, caller, cloud).some((permissions) => permissions.has(permission));
}

/** What each of the caller's roles gives there; an organization's reach into its projects. */
function permissionSetsIn(scope: string, caller: Caller, cloud: CloudState): ReadonlySet<string>[] {
  const { inProject, inOrganization } = roleTable(cloud.unknowns);
  const project = cloud.projects.get(scope);
  const roles = project
    ? [...rolesOf(caller, scope, cloud), ...rolesOf(caller, project.organization, cloud)]
    : rolesOf(caller, scope, cloud);
  const table = project ? inProject : inOrganization;
  return roles.flatMap((role) => table.get(role) ?? []);
}

function rolesOf(caller: Caller, scope: string, cloud: CloudState): string[] {
  const member = cloud.members.get(`${scope}/members/${caller.id}`);
  if (member?.status !== "ACCEPTED") return [];
  return isPropagating(cloud, "members", member) ? [] : member.roles;
}

/** @throws {ApiError} 404 or 403 where the caller may not do this there, in the words of the unknowns */
export function requirePermission(
  permission: string,
  scope: string,
  caller: Caller,
  cloud: CloudState,
): void {
  const { forbiddenAs, missingProjectAs } = cloud.unknowns;
  if (!exists(scope, cloud)) throw accessDenied(scope.startsWith("projects/") ? missingProjectAs : 404);
  if (hasPermission(permission, scope, caller, cloud)) return;
  throw accessDenied(permissionSetsIn(scope, caller, cloud).length === 0 ? forbiddenAs : 403);
}

function exists(scope: string, cloud: CloudState): boolean {
  const project = cloud.projects.get(scope);
  return project ? !isPropagating(cloud, "projects", project) : cloud.organizations.get(scope) !== undefined;
}

const accessDenied = (status: 403 | 404): ApiError =>
  new ApiError(status, status === 404 ? "not found" : "permission denied");
