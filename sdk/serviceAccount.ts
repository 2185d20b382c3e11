import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:ServiceAccount";

export interface ServiceAccountArgs {
  /**
   * The home project, which owns the account, as a bare id or `projects/ID`. The account gets no access to it. Changing
   * the project replaces the account.
   */
  project: pulumi.Input<string>;
  /** The name that people see. It doesn't have to be unique. Changed in place. */
  displayName: pulumi.Input<string>;
  /**
   * Whether the account's keys can log in with HTTP Basic authentication. Use it for prototypes only. Changed in place.
   * @default false
   */
  enableBasicAuth?: pulumi.Input<boolean>;
  /**
   * Adopts the existing account in `project` with this name, id or email and updates it, instead of creating an
   * account.
   */
  adopt?: pulumi.Input<string>;
  /**
   * Allows deleting or replacing the account even if Pulumi itself then loses access.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * A service account: an identity for a machine. A new account has no access, not even to its home project. To grant
 * access, declare a `ProjectRoleBinding` for its `email`. The `id` is the account's API name,
 * `projects/P/serviceaccounts/S`.
 *
 * @example
 * ```ts
 * const account = new dt.ServiceAccount("erp", { project: "c14u9q095l47ccv1o3pg", displayName: "ERP" });
 * new dt.ProjectRoleBinding("erp", { project: "c15j9p094l47cdv0o3pg", member: account.email, role: "project.user" });
 * ```
 */
export class ServiceAccount extends DeclaredResource {
  /** The home project, `projects/P`. */
  declare readonly project: pulumi.Output<string>;
  declare readonly displayName: pulumi.Output<string>;
  declare readonly enableBasicAuth: pulumi.Output<boolean>;
  /** The email to grant roles to. The API creates it, and it never changes. */
  declare readonly email: pulumi.Output<string>;
  /** When the account was created, in RFC 3339, UTC. */
  declare readonly createTime: pulumi.Output<string>;
  /** When the account was last updated, in RFC 3339, UTC. */
  declare readonly updateTime: pulumi.Output<string>;

  constructor(name: string, args: ServiceAccountArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "serviceAccount",
      type,
      name,
      {
        ...args,
        email: undefined,
        createTime: undefined,
        updateTime: undefined,
      },
      opts,
      args.adopt === undefined
        ? undefined
        : { parent: args.project, collection: "serviceaccounts", what: args.adopt },
    );
    if (args.enableBasicAuth !== undefined && args.enableBasicAuth !== false) {
      warnOfBasicAuth(this, args.enableBasicAuth);
    }
  }
}

function warnOfBasicAuth(account: ServiceAccount, enableBasicAuth: pulumi.Input<boolean>): void {
  const text =
    "Basic authentication is enabled: the secret is sent with every request. Use it for prototypes only";
  pulumi
    .output(enableBasicAuth)
    .apply((isEnabled) => (isEnabled ? pulumi.log.warn(text, account) : undefined));
}
