import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:KeyRetirement";

/** All but the last two are outputs of the `ServiceAccountKey`. */
export interface KeyRetirementArgs {
  /** The account's `id`, `projects/P/serviceaccounts/S`. */
  serviceAccount: pulumi.Input<string>;
  /** The key that was delivered. */
  keyId: pulumi.Input<string>;
  /** When that was created; RFC 3339. */
  createTime: pulumi.Input<string>;
  /** The key to delete. */
  previousKeyId: pulumi.Input<string>;
  /** Whether a further rotation waits: then the overlap ends at once. */
  rotationWaits?: pulumi.Input<boolean>;
  /**
   * How long the previous key goes on working after the delivery, such as `"24h"`; `"0"` deletes it in the same update.
   * @default "24h"
   */
  overlap?: pulumi.Input<string>;
  /**
   * Allows the deletion of the key that Pulumi itself logs in with.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * Deletes the key before, once its successor is where it is used: make it depend on whatever brings the new key there and tries it.
 * As long as that fails, this is not reached, and the previous key goes on working. A `DeliveredKey` has one of its own.
 *
 * Removing it from a program deletes nothing.
 *
 * @example
 * ```ts
 * const key = new dt.ServiceAccountKey("erp", { serviceAccount: account.id, rotateAfter: "90d", retirement: "afterDelivery" });
 * const delivery = new aws.secretsmanager.SecretVersion("erp", { secretId, secretString: key.credentials });
 * new dt.KeyRetirement("erp", key, { dependsOn: delivery });
 * ```
 */
export class KeyRetirement extends DeclaredResource {
  /** The key whose delivery is confirmed. */
  declare readonly keyId: pulumi.Output<string>;
  /** When the previous key is to be deleted; RFC 3339, UTC; empty where there is none. */
  declare readonly retireAt: pulumi.Output<string>;
  /** The key that was deleted last; empty where none was. */
  declare readonly retiredKeyId: pulumi.Output<string>;

  constructor(name: string, args: KeyRetirementArgs, opts?: pulumi.CustomResourceOptions) {
    const { serviceAccount, keyId, createTime, previousKeyId, rotationWaits, overlap, allowLockout } = args;
    super(
      "keyRetirement",
      type,
      name,
      {
        ...{ serviceAccount, keyId, createTime, previousKeyId, rotationWaits, overlap, allowLockout },
        retireAt: undefined,
        retiredKeyId: undefined,
      },
      opts,
    );
  }
}
