import * as pulumi from "@pulumi/pulumi";
import { hiddenInputs } from "./handler.js";

const type = "pulumi-nodejs:dynamic/dt:ServiceAccountKey";

export interface ServiceAccountKeyArgs {
  /** The account's `id`, `projects/P/serviceaccounts/S`. Changing it replaces the key. */
  serviceAccount: pulumi.Input<string>;
  /** Takes over the key with this id instead of creating one. */
  adopt?: pulumi.Input<string>;
  /** With `adopt`: the key's secret, where it is still known. Kept as a Pulumi secret, also when given in clear. */
  secret?: pulumi.Input<string>;
  /**
   * Allows the deletion or replacement of the key that Pulumi itself logs in with.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * A key of a service account: what a machine logs in with. The API tells the secret once, on creation; it is kept in the state as
 * a Pulumi secret. An account has at most 10 keys. The `id` is the key's API name.
 *
 * @example
 * ```ts
 * const key = new dt.ServiceAccountKey("erp", { serviceAccount: account.id });
 * export const keyId = key.keyId;
 * export const secret = key.secret; // shown as [secret]
 * ```
 */
export class ServiceAccountKey extends pulumi.CustomResource {
  declare readonly serviceAccount: pulumi.Output<string>;
  /** What the key is called in a login: the `kid` of an assertion, the user of Basic authentication. */
  declare readonly keyId: pulumi.Output<string>;
  /** A Pulumi secret. Empty for an adopted key whose secret was not given. */
  declare readonly secret: pulumi.Output<string>;
  /** The account's email: the issuer of an assertion. */
  declare readonly email: pulumi.Output<string>;
  /** RFC 3339, UTC. */
  declare readonly createTime: pulumi.Output<string>;

  constructor(name: string, args: ServiceAccountKeyArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      type,
      name,
      {
        ...args,
        secret: args.secret === undefined ? undefined : pulumi.secret(args.secret),
        keyId: undefined,
        email: undefined,
        createTime: undefined,
        ...hiddenInputs("serviceAccountKey", type, name, opts),
      },
      pulumi.mergeOptions({ additionalSecretOutputs: ["secret"] }, opts),
    );
  }
}
