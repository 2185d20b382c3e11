import { isSettling } from "./propagation";
import { Refusal } from "./refusal";
import { roleTable } from "./roles";
import type { World } from "./world";

/** Who calls: a service account, found by the token or the Basic credentials it sent. */
export interface Caller {
  email: string;
  /** Member id, equal to the account's id. */
  id: string;
  keyId: string;
}

/** What a caller may do in `projects/<id>` or `organizations/<id>`; empty for a stranger. */
export function permissionsIn(scope: string, caller: Caller, world: World): string[] {
  return [...new Set(grantsIn(scope, caller, world).flatMap((permissions) => [...permissions]))];
}

/** Whether a caller may do this there. */
export function holds(permission: string, scope: string, caller: Caller, world: World): boolean {
  return grantsIn(scope, caller, world).some((permissions) => permissions.has(permission));
}

/** What each of the caller's roles gives there; an organization's reach into its projects. */
function grantsIn(scope: string, caller: Caller, world: World): ReadonlySet<string>[] {
  const { inProject, inOrganization } = roleTable(world.unknowns);
  const project = world.projects.get(scope);
  const roles = project
    ? [...rolesOf(caller, scope, world), ...rolesOf(caller, project.organization, world)]
    : rolesOf(caller, scope, world);
  const table = project ? inProject : inOrganization;
  return roles.flatMap((role) => table.get(role) ?? []);
}

function rolesOf(caller: Caller, scope: string, world: World): string[] {
  const member = world.members.get(`${scope}/members/${caller.id}`);
  if (member?.status !== "ACCEPTED") return [];
  return isSettling(world, "members", member) ? [] : member.roles;
}

/** @throws {Refusal} 404 or 403 where the caller may not do this there, in the words of the unknowns */
export function requirePermission(permission: string, scope: string, caller: Caller, world: World): void {
  const { forbiddenAs, missingProjectAs } = world.unknowns;
  if (!exists(scope, world)) throw denial(scope.startsWith("projects/") ? missingProjectAs : 404);
  if (holds(permission, scope, caller, world)) return;
  throw denial(grantsIn(scope, caller, world).length === 0 ? forbiddenAs : 403);
}

function exists(scope: string, world: World): boolean {
  const project = world.projects.get(scope);
  return project ? !isSettling(world, "projects", project) : world.organizations.get(scope) !== undefined;
}

const denial = (status: 403 | 404): Refusal =>
  new Refusal(status, status === 404 ? "not found" : "permission denied");
