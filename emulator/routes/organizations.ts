import * as v from "valibot";
import { idOf } from "../ids";
import { permissionsIn } from "../permissions";
import { roleTable } from "../roles";
import { Refusal } from "../refusal";
import type { Call } from "../call";
import { ok, route } from "../router";
import type { Organization } from "../things";
import { message } from "../message";
import { extended, masked } from "./shape";

const organizationChanges = message({ displayName: v.optional(v.string()) });

const nameOf = (call: Call<{ organization: string }>): string => `organizations/${call.params.organization}`;

/** Organizations; making and deleting them is nobody's call. */
export const organizationRoutes = [
  route("GET", "organizations", (call) => {
    const reached = call.world.organizations.list().filter((organization) => reaches(call, organization));
    return call.page("organizations", reached, { list: "organizations" }, (item) => extended(call, item));
  }),
  route("GET", "organizations/{organization}", (call) => {
    const organization = call.world.organizations.get(nameOf(call));
    if (!organization || !reaches(call, organization)) call.require("organization.read", nameOf(call));
    if (!organization) throw new Refusal(404, "not found");
    return ok(extended(call, organization));
  }),
  route(
    "PATCH",
    "organizations/{organization}",
    (call) => {
      const changes = masked(call, call.read(organizationChanges), ["name", "displayName"]);
      call.require("organization.update", nameOf(call));
      const organization = call.world.organizations.get(nameOf(call));
      if (!organization) throw new Refusal(404, "not found");
      const { displayName = organization.displayName } = changes;
      return ok(extended(call, call.world.organizations.update(organization, { displayName })));
    },
    ({ patchOrganization }) => (patchOrganization === "405" ? 405 : undefined),
  ),
];

/** What roles there are, and what the caller may do. */
export const roleRoutes = [
  route("GET", "roles", (call) =>
    call.page("roles", roleTable(call.world.unknowns).roles, { list: "roles" }, (role) =>
      extended(call, role),
    ),
  ),
  route("GET", "roles/{role}", (call) => {
    const role = roleTable(call.world.unknowns).roles.find(({ name }) => idOf(name) === call.params.role);
    if (!role) throw new Refusal(404, "not found");
    return ok(extended(call, role));
  }),
  route("GET", "projects/{project}/permissions", (call) =>
    permissions(call, `projects/${call.params.project}`, "project.read"),
  ),
  route("GET", "organizations/{organization}/permissions", (call) =>
    permissions(call, nameOf(call), "organization.read"),
  ),
];

function reaches(call: Call<unknown>, { name }: Organization): boolean {
  const { caller, world } = call;
  if (call.holds("organization.read", name)) return true;
  if (!world.unknowns.organizationsOfProjectMembers) return false;
  return world.projects
    .list()
    .some(
      (project) => project.organization === name && permissionsIn(project.name, caller, world).length > 0,
    );
}

function permissions(call: Call<unknown>, scope: string, needed: string): ReturnType<Call["page"]> {
  call.require(needed, scope);
  const held = permissionsIn(scope, call.caller, call.world).map((name) => ({ name }));
  return call.page("permissions", held, { list: `${scope}/permissions` }, ({ name }) => name);
}
