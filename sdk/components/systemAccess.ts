import * as pulumi from "@pulumi/pulumi";
import { ProjectRoleBinding, type ProjectRole } from "../projectRoleBinding.js";
import { runError } from "../runError.js";
import { ServiceAccount } from "../serviceAccount.js";
import type { ServiceAccountKey } from "../serviceAccountKey.js";
import { accountKey, type KeyArgs } from "./accountKey.js";

export interface SystemAccessArgs {
  /**
   * The project that owns the account, as a bare id or `projects/ID`. The account gets no access to it. Changing the
   * project replaces the account.
   */
  home: pulumi.Input<string>;
  /** The account's name, which people see. @default the component's name */
  displayName?: pulumi.Input<string>;
  /**
   * Projects by names that you choose, such as `production`. You can use one map for all systems. The names also name
   * the bindings.
   */
  projects: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * The role in each project, by the names in `projects`. The account gets no access to a project that you leave out. An
   * entry `{ role, expires }` has an end of its own.
   */
  roles: Readonly<
    Record<
      string,
      | pulumi.Input<ProjectRole>
      | { readonly role: pulumi.Input<ProjectRole>; readonly expires?: pulumi.Input<string> | undefined }
      | undefined
    >
  >;
  /**
   * When all the roles end: a date such as `2027-01-31`, which ends at the end of that day in UTC, or a time in
   * RFC 3339. The account and its key stay. An entry's own `expires` overrides this one.
   * @default the roles have no end
   */
  expires?: pulumi.Input<string> | undefined;
  /**
   * How to rotate, adopt and deliver the key. `false` creates no key.
   * @default a key that is an output and is never rotated
   */
  key?: KeyArgs | false;
  /** Whether the key can log in with HTTP Basic authentication. Use it for prototypes only. @default false */
  enableBasicAuth?: pulumi.Input<boolean>;
}

/**
 * Everything that one system needs: an account, its role in each project, and a key. It can access only the projects in
 * `roles`.
 *
 * @example
 * ```ts
 * const projects = { staging: "c15j9p094l47cdv0o3pg", production: "c15j9p094l47cdv0o3q0" };
 * const erp = new dt.SystemAccess("erp", { home, projects, roles: { production: "project.user" } });
 * export const credentials = erp.credentials; // shown as [secret]
 * ```
 * @throws RunError if `roles` names a project that isn't in `projects`
 */
export class SystemAccess extends pulumi.ComponentResource {
  readonly account: ServiceAccount;
  /** The bindings, by the names in `roles`. */
  readonly bindings: Readonly<Record<string, ProjectRoleBinding>>;
  /** Undefined with `key: false`. */
  readonly key: ServiceAccountKey | undefined;
  /** The account's email. */
  readonly email: pulumi.Output<string>;
  /** The key as the JSON file that the vendor's clients read. A Pulumi secret. Empty with `key: false`. */
  readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: SystemAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dt:index:SystemAccess", name, {}, opts);
    const { home, displayName = name, projects, roles, enableBasicAuth = false } = args;
    const child = { parent: this };

    this.account = new ServiceAccount(name, { project: home, displayName, enableBasicAuth }, child);
    this.bindings = Object.fromEntries(
      Object.entries(roles).flatMap(([label, given]) => {
        if (given === undefined) return [];
        const project = projects[label] ?? unknownProject(name, label, projects);
        const { role, expires = args.expires } = isWithEnd(given) ? given : { role: given };
        const end = expires === undefined ? {} : { expires };
        const binding = { project, member: this.account.email, role, ...end };
        return [[label, new ProjectRoleBinding(`${name}-${label}`, binding, child)]];
      }),
    );
    ({ key: this.key, credentials: this.credentials } = accountKey(name, this.account, args.key, child));
    this.email = this.account.email;
    this.registerOutputs({ email: this.email, credentials: this.credentials });
  }
}

type Role = NonNullable<SystemAccessArgs["roles"][string]>;

/** An output or a promise is the role itself. */
const isWithEnd = (given: Role): given is Exclude<Role, pulumi.Input<ProjectRole>> =>
  typeof given === "object" && !pulumi.Output.isInstance(given) && "role" in given;

function unknownProject(system: string, label: string, projects: object): never {
  throw runError(
    `${system}: roles names "${label}", which is not in projects (${Object.keys(projects).join(", ")})`,
  );
}
