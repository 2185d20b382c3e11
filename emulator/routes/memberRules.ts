import type { Call } from "../call";
import { parentOf } from "../ids";
import { roleTable } from "../roles";
import { Refusal } from "../refusal";
import type { Member } from "../things";
import type { World } from "../world";

/** The roles that a member may have in a scope: exactly one, known, of that scope. @throws {Refusal} */
export function acceptedRoles(call: Call<unknown>, scope: string, roles: string[]): string[] {
  const { unknowns } = call.world;
  if (roles.length !== 1 && unknowns.wrongRoleCount === "400")
    throw new Refusal(400, "exactly one role is required");
  for (const role of roles) {
    if (!roleTable(unknowns).roles.some(({ name }) => name === role))
      throw new Refusal(unknowns.unknownRoleStatus, "no such role");
    const kind = scope.startsWith("projects/") ? "roles/project." : "roles/organization.";
    if (!role.startsWith(kind)) throw new Refusal(unknowns.wrongScopeStatus, "the role does not fit here");
    refuseTooHigh(call, scope, role);
  }
  return roles;
}

function refuseTooHigh(call: Call<unknown>, scope: string, role: string): void {
  if (call.world.unknowns.grantAboveOwnRole === "ok" || role !== "roles/project.admin") return;
  const organization = call.world.projects.get(scope)?.organization ?? "";
  if (!call.holds("membership.create", organization))
    throw new Refusal(403, "the role is too high to be granted by this caller");
}

/** @throws {Refusal} 400 where an account is another organization's, if the cloud cares */
export function refuseForeign({ world }: Call<unknown>, scope: string, email: string): void {
  const home = world.organizationOf(email);
  if (world.unknowns.accountsOfOtherOrganizations === "ok" || home === undefined) return;
  if (home !== (world.projects.get(scope)?.organization ?? scope))
    throw new Refusal(400, "the service account is another organization's");
}

/** @throws {Refusal} 400 where the change would leave nobody to administer, if the cloud cares */
export function refuseLastAdmin(world: World, member: Member, newRoles: readonly string[]): void {
  const scope = parentOf(member.name);
  const ofProject = scope.startsWith("projects/");
  const { lastAdminRemoval, lastProjectAdminRemoval } = world.unknowns;
  if ((ofProject ? lastProjectAdminRemoval : lastAdminRemoval) === "ok") return;
  const role = ofProject ? "roles/project.admin" : "roles/organization.admin";
  if (!member.roles.includes(role) || newRoles.includes(role)) return;
  const others = world.members.list(scope).filter((other) => other !== member && other.roles.includes(role));
  if (others.length === 0) throw new Refusal(400, "the last administrator cannot be removed");
}
