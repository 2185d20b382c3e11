import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { dynamic, plugin, type Declared, type Door, type Kind } from "../engine/harness/doors";

/** The cloud that the program works in, and what it declares there at the moment. */
export interface Wanted {
  readonly project: string;
  readonly organization: string;
  /** The members of the complete list of administrators. */
  readonly admins: readonly string[];
  readonly role: string;
  /** A new value rotates the keys. */
  readonly round: string;
}

const otherOf = (door: Door): Door => (door === plugin ? dynamic : plugin);

/** The option that moves a resource from the other door. */
export const movedFrom = (door: Door, kind: Kind): pulumi.CustomResourceOptions => ({
  aliases: [{ type: otherOf(door).typeOf(kind) }],
});

/**
 * Gives each resource of the program the alias of the other door. For classes that declare resources of their own, such
 * as components.
 */
export function moveEverything(door: Door): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    const kind = (Object.keys(kinds) as Kind[]).find((each) => door.typeOf(each) === type);
    return kind === undefined ? undefined : { props, opts: pulumi.mergeOptions(opts, movedFrom(door, kind)) };
  });
}

const kinds: Readonly<Record<Kind, true>> = {
  Project: true,
  ServiceAccount: true,
  ServiceAccountKey: true,
  KeyRetirement: true,
  ProjectRoleBinding: true,
  OrgAdminBinding: true,
  ProjectAccess: true,
  OrganizationAccess: true,
};

/** The seven kinds as the classes of `pulumi-dt` declare them, and two components. */
export function declareDynamic({ project, organization, admins, role, round }: Wanted) {
  const account = new dt.ServiceAccount("erp", { project, displayName: "ERP" });
  const serviceAccount = account.id;
  const key = new dt.ServiceAccountKey("erp", {
    ...{ serviceAccount, overlap: "0", rotationTriggers: { round } },
  });
  new dt.ProjectRoleBinding("erp", { project, member: account.email, role });
  new dt.OrgAdminBinding("boss", { organization, member: "boss@example.com" });
  new dt.ProjectAccess("list", { project, members: ["ada@example.com"], ignore: ["**"] });
  new dt.OrganizationAccess("admins", { organization, members: [...admins] });
  new dt.AccessGrant("jane", { member: "jane@example.com", role, projects: { here: project } });
  const crm = new dt.SystemAccess("crm", {
    ...{ home: project, projects: { here: project }, roles: { here: role } },
    key: { rotationTriggers: { round } },
  });
  return { erp: key.credentials, crm: crm.credentials };
}

/** The same program with resources of the plugin. Each component is a plain one of the same type and name. */
export function declarePlugin(
  { project, organization, admins, role, round }: Wanted,
  options: (kind: Kind) => pulumi.CustomResourceOptions = () => ({}),
) {
  const declare = (
    kind: Kind,
    name: string,
    args: Readonly<Record<string, unknown>>,
    parent?: pulumi.Resource,
  ): Declared =>
    plugin.declare(kind, name, args, { ...options(kind), ...(parent === undefined ? {} : { parent }) });
  const rotationTriggers = { round };

  const account = declare("ServiceAccount", "erp", { project, displayName: "ERP" });
  const serviceAccount = account.id;
  const overlap = "0";
  const key = declare("ServiceAccountKey", "erp", {
    ...{ serviceAccount, overlap, retirement: "afterDelivery", rotationTriggers },
  });
  const { keyId, createTime, previousKeyId, rotationWaits } = key;
  const delivered = { keyId, createTime, previousKeyId, rotationWaits, deliveredKeyIds: [keyId] };
  declare("KeyRetirement", "erp", { serviceAccount, overlap, ...delivered }, key);
  declare("ProjectRoleBinding", "erp", { project, member: account.email, role });
  declare("OrgAdminBinding", "boss", { organization, member: "boss@example.com" });
  declare("ProjectAccess", "list", { project, members: ["ada@example.com"], ignore: ["**"] });
  declare("OrganizationAccess", "admins", { organization, members: admins });

  const jane = new pulumi.ComponentResource("dt:index:AccessGrant", "jane");
  declare("ProjectRoleBinding", "jane-here", { project, member: "jane@example.com", role }, jane);

  const crm = new pulumi.ComponentResource("dt:index:SystemAccess", "crm");
  const crmAccount = declare("ServiceAccount", "crm", { project, displayName: "crm" }, crm);
  declare("ProjectRoleBinding", "crm-here", { project, member: crmAccount.email, role }, crm);
  const crmKey = declare(
    "ServiceAccountKey",
    "crm",
    { serviceAccount: crmAccount.id, rotationTriggers },
    crm,
  );
  return { erp: key.credentials, crm: crmKey.credentials };
}
