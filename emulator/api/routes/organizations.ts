import * as v from "valibot";
import { permissionsIn } from "../../auth/permissions";
import { roleTable } from "../../auth/roles";
import { ApiError } from "../../cloud/apiError";
import { idOf } from "../../cloud/ids";
import type { Organization } from "../../cloud/resources";
import { message } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { ok } from "../outcome";
import { route } from "../route";
import { extended } from "./responseBodies";
import { masked } from "./updateMask";

const organizationChanges = message({ displayName: v.optional(v.string()) });

const nameOf = (call: Call<{ organization: string }>): string => `organizations/${call.params.organization}`;

/** Organizations; making and deleting them is nobody's call. */
export const organizationRoutes = [
  route("GET", "organizations", (call) => {
    const reached = call.cloud.organizations.list().filter((organization) => reaches(call, organization));
    return call.page("organizations", reached, { list: "organizations" }, (item) => extended(call, item));
  }),
  route("GET", "organizations/{organization}", (call) => {
    const organization = call.cloud.organizations.get(nameOf(call));
    if (!organization || !reaches(call, organization)) call.require("organization.read", nameOf(call));
    if (!organization) throw new ApiError(404, "not found");
    return ok(extended(call, organization));
  }),
  route(
    "PATCH",
    "organizations/{organization}",
    (call) => {
      const changes = masked(call, call.read(organizationChanges), ["name", "displayName"]);
      call.require("organization.update", nameOf(call));
      const organization = call.cloud.organizations.get(nameOf(call));
      if (!organization) throw new ApiError(404, "not found");
      const { displayName = organization.displayName } = changes;
      return ok(extended(call, call.cloud.organizations.update(organization, { displayName })));
    },
    ({ patchOrganization }) => (patchOrganization === "405" ? 405 : undefined),
  ),
];

/** What roles there are, and what the caller may do. */
export const roleRoutes = [
  route("GET", "roles", (call) =>
    call.page("roles", roleTable(call.cloud.unknowns).roles, { list: "roles" }, (role) =>
      extended(call, role),
    ),
  ),
  route("GET", "roles/{role}", (call) => {
    const role = roleTable(call.cloud.unknowns).roles.find(({ name }) => idOf(name) === call.params.role);
    if (!role) throw new ApiError(404, "not found");
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
  const { caller, cloud } = call;
  if (call.holds("organization.read", name)) return true;
  if (!cloud.unknowns.organizationsOfProjectMembers) return false;
  return cloud.projects
    .list()
    .some(
      (project) => project.organization === name && permissionsIn(project.name, caller, cloud).length > 0,
    );
}

function permissions(call: Call<unknown>, scope: string, needed: string): ReturnType<Call["page"]> {
  call.require(needed, scope);
  const held = permissionsIn(scope, call.caller, call.cloud).map((name) => ({ name }));
  return call.page("permissions", held, { list: `${scope}/permissions` }, ({ name }) => name);
}
