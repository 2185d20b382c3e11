import * as pulumi from "@pulumi/pulumi";
import { ProjectRoleBinding, type ProjectRole } from "../projectRoleBinding.js";
import { ServiceAccount } from "../serviceAccount.js";
import type { ServiceAccountKey } from "../serviceAccountKey.js";
import { accountKey, type KeyArgs } from "./accountKey.js";

export interface SystemAccessArgs {
  /** The project that owns the account, as a bare id or `projects/ID`. It grants no access there. Changing it replaces the account. */
  home: pulumi.Input<string>;
  /** The account's name, which people see. @default the component's name */
  displayName?: pulumi.Input<string>;
  /** Projects by names of your own, such as `production`, which also name the bindings; the same for all systems. */
  projects: Readonly<Record<string, pulumi.Input<string>>>;
  /** The role in each project, by the names in `projects`; where nothing is said the account has no access. */
  roles: Readonly<Record<string, pulumi.Input<ProjectRole> | undefined>>;
  /** How the key is rotated, adopted and delivered; `false` makes none. @default a key that is an output and is never rotated */
  key?: KeyArgs | false;
  /** Whether the key may be used with HTTP Basic authentication: for prototypes only. @default false */
  enableBasicAuth?: pulumi.Input<boolean>;
}

/**
 * All that one system needs: an account, its role in each project, and a key. It sees the projects in `roles` and no others.
 *
 * @example
 * ```ts
 * const projects = { staging: "c15j9p094l47cdv0o3pg", production: "c15j9p094l47cdv0o3q0" };
 * const erp = new dt.SystemAccess("erp", { home, projects, roles: { production: "project.user" } });
 * export const credentials = erp.credentials; // shown as [secret]
 * ```
 * @throws RunError where `roles` names a project that `projects` does not have.
 */
export class SystemAccess extends pulumi.ComponentResource {
  readonly account: ServiceAccount;
  /** By the names in `roles`. */
  readonly bindings: Readonly<Record<string, ProjectRoleBinding>>;
  /** Undefined with `key: false`. */
  readonly key: ServiceAccountKey | undefined;
  /** The account's email. */
  readonly email: pulumi.Output<string>;
  /** A Pulumi secret: the key as the JSON file that the vendor's clients read. Empty with `key: false`. */
  readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: SystemAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dt:index:SystemAccess", name, {}, opts);
    const { home, displayName = name, projects, roles, enableBasicAuth = false } = args;
    const child = { parent: this };

    this.account = new ServiceAccount(name, { project: home, displayName, enableBasicAuth }, child);
    this.bindings = Object.fromEntries(
      Object.entries(roles).flatMap(([label, role]) => {
        if (role === undefined) return [];
        const project = projects[label] ?? unknownProject(name, label, projects);
        const binding = { project, member: this.account.email, role };
        return [[label, new ProjectRoleBinding(`${name}-${label}`, binding, child)]];
      }),
    );
    ({ key: this.key, credentials: this.credentials } = accountKey(name, this.account, args.key, child));
    this.email = this.account.email;
    this.registerOutputs({ email: this.email, credentials: this.credentials });
  }
}

function unknownProject(system: string, label: string, projects: object): never {
  throw new pulumi.RunError(
    `${system}: roles names "${label}", which is not in projects (${Object.keys(projects).join(", ")})`,
  );
}
