import type { Unknowns } from "../unknowns/unknowns";

export interface Role {
  name: string;
  displayName: string;
  description: string;
  permissions: string[];
}

const viewerPermissions = [
  "project.read",
  "device.read",
  "sensor.read",
  "dataconnector.read",
  "emulator.read",
  "membership.read",
  "serviceaccount.read",
  "serviceaccount.key.read",
];
const developerPermissions = [
  ...viewerPermissions,
  "device.update",
  "sensor.update",
  ...["create", "update", "delete"].flatMap((verb) => [`dataconnector.${verb}`, `emulator.${verb}`]),
];
const memberPermissions = ["membership.create", "membership.update", "membership.delete"];
const adminPermissions = [
  ...developerPermissions,
  ...memberPermissions,
  ...["serviceaccount.create", "serviceaccount.update", "serviceaccount.delete"],
  ...["serviceaccount.key.create", "serviceaccount.key.delete"],
  ...["project.update", "project.delete", "device.transfer"],
];
const organizationPermissions = ["project.create", "organization.read", "organization.update"];

/** The roles that exist, and the permissions each gives in a project and in an organization. */
interface RoleTable {
  roles: readonly Role[];
  inProject: ReadonlyMap<string, ReadonlySet<string>>;
  inOrganization: ReadonlyMap<string, ReadonlySet<string>>;
}

const appliesToOrganization = /^(organization|membership|subscription|billinginfo|project\.create)/;
const appliesToOrganizationOnly = /^(organization|subscription|billinginfo|project\.create)/;

const tables = new Map<string, RoleTable>();

/** Builds the table once for each combination of the switches it depends on, because every call needs it. */
export function roleTable(unknowns: Unknowns): RoleTable {
  const { projectOperatorRole, organizationViewerRole, laterPermissions } = unknowns;
  const variant = `${projectOperatorRole} ${organizationViewerRole} ${laterPermissions}`;
  const table = tables.get(variant) ?? buildRoleTable(listRoles(unknowns));
  tables.set(variant, table);
  return table;
}

function buildRoleTable(roles: Role[]): RoleTable {
  const permissionsByRole = (fits: (permission: string) => boolean): RoleTable["inProject"] =>
    new Map(roles.map(({ name, permissions }) => [name, new Set(permissions.filter(fits))]));
  return {
    roles,
    inProject: permissionsByRole((permission) => !appliesToOrganizationOnly.test(permission)),
    inOrganization: permissionsByRole((permission) => appliesToOrganization.test(permission)),
  };
}

function listRoles(unknowns: Unknowns): Role[] {
  const hasLaterPermissions = unknowns.laterPermissions;
  const role = (name: string, displayName: string, description: string, permissions: string[]): Role => ({
    name: `roles/${name}`,
    displayName,
    description,
    permissions,
  });
  const admin = hasLaterPermissions ? [...adminPermissions, "sensor.transfer"] : adminPermissions;
  return [
    role("project.user", "Project user", "Sees everything in a project.", viewerPermissions),
    ...(unknowns.projectOperatorRole
      ? [
          role(
            "project.operator",
            "Project operator",
            "Sees everything and acts on alerts.",
            viewerPermissions,
          ),
        ]
      : []),
    role(
      "project.developer",
      "Project developer",
      "Also edits devices and Data Connectors.",
      developerPermissions,
    ),
    role("project.admin", "Project administrator", "Also manages members and service accounts.", admin),
    role("organization.admin", "Organization administrator", "Administers every project.", [
      ...admin,
      ...organizationPermissions,
      ...(hasLaterPermissions ? ["subscription.read", "billinginfo.read"] : []),
    ]),
    ...(unknowns.organizationViewerRole
      ? [
          role("organization.viewer", "Organization viewer", "Sees everything in every project.", [
            ...viewerPermissions,
            "organization.read",
          ]),
        ]
      : []),
  ];
}
