import { ApiError } from "../cloud/apiError";
import type { CloudState } from "../cloud/cloudState";
import { isPropagating } from "../cloud/propagation";
import { roleTable } from "./roles";

/** The service account that sent the request. */
export interface Caller {
  email: string;
  /** Its member id, which is the account's id. */
  id: string;
  keyId: string;
}

/** The caller's permissions in `projects/<id>` or `organizations/<id>`. */
export function permissionsIn(scope: string, caller: Caller, cloud: CloudState): string[] {
  return [...new Set(permissionSetsIn(scope, caller, cloud).flatMap((permissions) => [...permissions]))];
}

/** Whether the caller has a permission in this scope. */
export function hasPermission(permission: string, scope: string, caller: Caller, cloud: CloudState): boolean {
  return permissionSetsIn(scope, caller, cloud).some((permissions) => permissions.has(permission));
}

/** The permissions of each of the caller's roles in a scope. Organization roles also apply in its projects. */
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

/** @throws {ApiError} 404 or 403, as the unknowns say, if the caller does not have the permission */
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
