import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:ServiceAccount";

export interface ServiceAccountArgs {
  /** The home project that owns the account, as a bare id or `projects/ID`. It grants no access there. Changing it replaces the account. */
  project: pulumi.Input<string>;
  /** The name people see; need not be unique. Changed in place. */
  displayName: pulumi.Input<string>;
  /**
   * Whether the account's keys may be used with HTTP Basic authentication: for prototypes only. Changed in place.
   * @default false
   */
  enableBasicAuth?: pulumi.Input<boolean>;
  /** Takes over the account with this name, id or email in `project`, and brings it to what is declared, instead of creating one. */
  adopt?: pulumi.Input<string>;
  /**
   * Allows a deletion or replacement that cuts off the identity that Pulumi itself runs as.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * A service account: an identity for a machine. It starts with no access anywhere, not even to its home project; give it some
 * with a `ProjectRoleBinding` on its `email`. Its `id` is its API name, `projects/P/serviceaccounts/S`.
 *
 * @example
 * ```ts
 * const account = new dt.ServiceAccount("erp", { project: "c14u9q095l47ccv1o3pg", displayName: "ERP" });
 * new dt.ProjectRoleBinding("erp", { project: "c15j9p094l47cdv0o3pg", member: account.email, role: "project.user" });
 * ```
 */
export class ServiceAccount extends DeclaredResource {
  /** `projects/P`, the home project. */
  declare readonly project: pulumi.Output<string>;
  declare readonly displayName: pulumi.Output<string>;
  declare readonly enableBasicAuth: pulumi.Output<boolean>;
  /** The identity that roles are given to; made by the API, never changes. */
  declare readonly email: pulumi.Output<string>;
  /** RFC 3339, UTC. */
  declare readonly createTime: pulumi.Output<string>;
  /** RFC 3339, UTC. */
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
