import * as v from "valibot";
import { permissionsIn } from "../../auth/permissions";
import { roleTable } from "../../auth/roles";
import { ApiError } from "../../cloud/apiError";
import { idOf } from "../../cloud/ids";
import type { Organization } from "../../cloud/resources";
import { protoMessage } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { ok } from "../outcome";
import { route } from "../route";
import { withExtraFields } from "./responseBodies";
import { applyUpdateMask } from "./updateMask";

const organizationChanges = protoMessage({ displayName: v.optional(v.string()) });

const nameOf = (call: Call<{ organization: string }>): string => `organizations/${call.params.organization}`;

/** Organizations. The API cannot create or delete them. */
export const organizationRoutes = [
  route("GET", "organizations", (call) => {
    const reached = call.cloud.organizations.list().filter((organization) => canSee(call, organization));
    return call.page("organizations", reached, { list: "organizations" }, (item) =>
      withExtraFields(call, item),
    );
  }),
  route("GET", "organizations/{organization}", (call) => {
    const organization = call.cloud.organizations.get(nameOf(call));
    if (!organization || !canSee(call, organization))
      call.requirePermission("organization.read", nameOf(call));
    if (!organization) throw new ApiError(404, "not found");
    return ok(withExtraFields(call, organization));
  }),
  route(
    "PATCH",
    "organizations/{organization}",
    (call) => {
      const changes = applyUpdateMask(call, call.parseBody(organizationChanges), ["name", "displayName"]);
      call.requirePermission("organization.update", nameOf(call));
      const organization = call.cloud.organizations.get(nameOf(call));
      if (!organization) throw new ApiError(404, "not found");
      const { displayName = organization.displayName } = changes;
      return ok(withExtraFields(call, call.cloud.organizations.update(organization, { displayName })));
    },
    ({ patchOrganization }) => (patchOrganization === "405" ? 405 : undefined),
  ),
];

/** Roles, and the caller's permissions. */
export const roleRoutes = [
  route("GET", "roles", (call) =>
    call.page("roles", roleTable(call.cloud.unknowns).roles, { list: "roles" }, (role) =>
      withExtraFields(call, role),
    ),
  ),
  route("GET", "roles/{role}", (call) => {
    const role = roleTable(call.cloud.unknowns).roles.find(({ name }) => idOf(name) === call.params.role);
    if (!role) throw new ApiError(404, "not found");
    return ok(withExtraFields(call, role));
  }),
  route("GET", "projects/{project}/permissions", (call) =>
    listPermissions(call, `projects/${call.params.project}`, "project.read"),
  ),
  route("GET", "organizations/{organization}/permissions", (call) =>
    listPermissions(call, nameOf(call), "organization.read"),
  ),
];

function canSee(call: Call<unknown>, { name }: Organization): boolean {
  const { caller, cloud } = call;
  if (call.hasPermission("organization.read", name)) return true;
  if (!cloud.unknowns.organizationsOfProjectMembers) return false;
  return cloud.projects
    .list()
    .some(
      (project) => project.organization === name && permissionsIn(project.name, caller, cloud).length > 0,
    );
}

function listPermissions(call: Call<unknown>, scope: string, needed: string): ReturnType<Call["page"]> {
  call.requirePermission(needed, scope);
  const held = permissionsIn(scope, call.caller, call.cloud).map((name) => ({ name }));
  return call.page("permissions", held, { list: `${scope}/permissions` }, ({ name }) => name);
}
