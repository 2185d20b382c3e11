import type { Unknowns } from "../unknowns/unknowns";

export interface Role {
  name: string;
  displayName: string;
  description: string;
  permissions: string[];
}

const readAll = [
  "project.read",
  "device.read",
  "sensor.read",
  "dataconnector.read",
  "emulator.read",
  "membership.read",
  "serviceaccount.read",
  "serviceaccount.key.read",
];
const develop = [
  ...readAll,
  "device.update",
  "sensor.update",
  ...["create", "update", "delete"].flatMap((verb) => [`dataconnector.${verb}`, `emulator.${verb}`]),
];
const manageMembers = ["membership.create", "membership.update", "membership.delete"];
const administer = [
  ...develop,
  ...manageMembers,
  ...["serviceaccount.create", "serviceaccount.update", "serviceaccount.delete"],
  ...["serviceaccount.key.create", "serviceaccount.key.delete"],
  ...["project.update", "project.delete", "device.transfer"],
];
const organizationOnly = ["project.create", "organization.read", "organization.update"];

/** What roles there are under one set of answers, and what each gives in a project and in an organization. */
interface RoleTable {
  roles: readonly Role[];
  inProject: ReadonlyMap<string, ReadonlySet<string>>;
  inOrganization: ReadonlyMap<string, ReadonlySet<string>>;
}

const ofOrganization = /^(organization|membership|subscription|billinginfo|project\.create)/;
const ofOrganizationOnly = /^(organization|subscription|billinginfo|project\.create)/;

const tables = new Map<string, RoleTable>();

/** Read at every call, so made once for each set of answers. */
export function roleTable(unknowns: Unknowns): RoleTable {
  const { projectOperatorRole, organizationViewerRole, laterPermissions } = unknowns;
  const variant = `${projectOperatorRole} ${organizationViewerRole} ${laterPermissions}`;
  const table = tables.get(variant) ?? makeTable(listRoles(unknowns));
  tables.set(variant, table);
  return table;
}

function makeTable(roles: Role[]): RoleTable {
  const where = (fits: (permission: string) => boolean): RoleTable["inProject"] =>
    new Map(roles.map(({ name, permissions }) => [name, new Set(permissions.filter(fits))]));
  return {
    roles,
    inProject: where((permission) => !ofOrganizationOnly.test(permission)),
    inOrganization: where((permission) => ofOrganization.test(permission)),
  };
}

function listRoles(unknowns: Unknowns): Role[] {
  const later = unknowns.laterPermissions;
  const role = (name: string, displayName: string, description: string, permissions: string[]): Role => ({
    name: `roles/${name}`,
    displayName,
    description,
    permissions,
  });
  const admin = later ? [...administer, "sensor.transfer"] : administer;
  return [
    role("project.user", "Project user", "Sees everything in a project.", readAll),
    ...(unknowns.projectOperatorRole
      ? [role("project.operator", "Project operator", "Sees everything and acts on alerts.", readAll)]
      : []),
    role("project.developer", "Project developer", "Also edits devices and Data Connectors.", develop),
    role("project.admin", "Project administrator", "Also manages members and service accounts.", admin),
    role("organization.admin", "Organization administrator", "Administers every project.", [
      ...admin,
      ...organizationOnly,
      ...(later ? ["subscription.read", "billinginfo.read"] : []),
    ]),
    ...(unknowns.organizationViewerRole
      ? [
          role("organization.viewer", "Organization viewer", "Sees everything in every project.", [
            ...readAll,
            "organization.read",
          ]),
        ]
      : []),
  ];
}
