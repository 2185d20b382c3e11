import { Refusal } from "./refusal";
import type { Unknowns } from "./unknowns";
import type { World } from "./world";

/** Who calls: a service account, found by the token or the Basic credentials it sent. */
export interface Caller {
  email: string;
  /** Member id, equal to the account's id. */
  id: string;
  keyId: string;
}

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

const variants = new Map<string, Role[]>();

/** The roles that this cloud has, as `GET /roles` lists them. */
export function roles(unknowns: Unknowns): readonly Role[] {
  const { projectOperatorRole, organizationViewerRole, laterPermissions } = unknowns;
  const variant = `${projectOperatorRole} ${organizationViewerRole} ${laterPermissions}`;
  const known = variants.get(variant) ?? listRoles(unknowns);
  variants.set(variant, known);
  return known;
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

/** What a caller may do in `projects/<id>` or `organizations/<id>`; empty for a stranger. */
export function permissionsIn(scope: string, caller: Caller, world: World): string[] {
  const held = rolesOf(caller, scope, world);
  if (scope.startsWith("organizations/")) return held.flatMap((role) => inOrganization(role, world.unknowns));
  const project = world.projects.get(scope);
  const inherited = project ? rolesOf(caller, project.organization, world) : [];
  const permissions = [...held, ...inherited].flatMap((role) => inProject(role, world.unknowns));
  return [...new Set(permissions)];
}

function rolesOf(caller: Caller, scope: string, world: World): string[] {
  const member = world.members.get(`${scope}/members/${caller.id}`);
  if (member?.status !== "ACCEPTED") return [];
  return isSettling(world, "members", member) ? [] : member.roles;
}

const permissionsOf = (name: string, unknowns: Unknowns): string[] =>
  roles(unknowns).find((role) => role.name === name)?.permissions ?? [];

const ofOrganization = /^(organization|membership|subscription|billinginfo|project\.create)/;
const ofOrganizationOnly = /^(organization\.|subscription|billinginfo|project\.create)/;

const inProject = (role: string, unknowns: Unknowns): string[] =>
  permissionsOf(role, unknowns).filter((permission) => !ofOrganizationOnly.test(permission));

const inOrganization = (role: string, unknowns: Unknowns): string[] =>
  permissionsOf(role, unknowns).filter((permission) => ofOrganization.test(permission));

const propagation = {
  projects: "propagationProjectMs",
  accounts: "propagationAccountMs",
  keys: "propagationKeyMs",
  members: "propagationMemberMs",
} as const;

/** Whether a thing is so new that the cloud still answers 404 to its name. */
export function isSettling<Kind extends keyof typeof propagation>(
  world: World,
  kind: Kind,
  item: NonNullable<ReturnType<World[Kind]["get"]>>,
): boolean {
  const delayMs = world.unknowns[propagation[kind]];
  return delayMs > 0 && world[kind].ageMs(item as never) < delayMs;
}

/** @throws {Refusal} 404 or 403 where the caller may not do this there, in the words of the unknowns */
export function requirePermission(permission: string, scope: string, caller: Caller, world: World): void {
  const { forbiddenAs, missingProjectAs } = world.unknowns;
  if (!exists(scope, world)) throw denial(scope.startsWith("projects/") ? missingProjectAs : 404);
  const held = permissionsIn(scope, caller, world);
  if (held.length === 0) throw denial(forbiddenAs);
  if (!held.includes(permission)) throw denial(403);
}

function exists(scope: string, world: World): boolean {
  const project = world.projects.get(scope);
  return project ? !isSettling(world, "projects", project) : world.organizations.get(scope) !== undefined;
}

const denial = (status: 403 | 404): Refusal =>
  new Refusal(status, status === 404 ? "not found" : "permission denied");
