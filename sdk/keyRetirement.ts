import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:KeyRetirement";

/** All but the last three are outputs of the `ServiceAccountKey`. */
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
   * Evidence of the delivery: the id of the key that each delivery has, taken from outputs of whatever delivers, such as
   * `[dt.keyIdIn(secret.secretString)]`. The delivery counts as done only when all of them are `keyId`. Until then the previous key
   * stays and the overlap does not begin. Without this input, `pulumi up` with `--target` or `--exclude` may delete a key that is
   * still in use.
   */
  deliveredKeyIds?: pulumi.Input<pulumi.Input<string>[]>;
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
 * Deletes the previous key, once the present one has been delivered and the overlap is over. `deliveredKeyIds` tells which key
 * each delivery has, as Pulumi has recorded it: a delivery that has failed, or that `--target` or `--exclude` left out, still has the
 * previous key, and then that key goes on working. A `DeliveredKey` has a `KeyRetirement` of its own.
 *
 * Removing it from a program deletes nothing.
 *
 * @example
 * ```ts
 * const key = new dt.ServiceAccountKey("erp", { serviceAccount: account.id, rotateAfter: "90d", retirement: "afterDelivery" });
 * const secret = new aws.secretsmanager.SecretVersion("erp", { secretId, secretString: key.credentials });
 * const deliveredKeyIds = [dt.keyIdIn(secret.secretString)];
 * new dt.KeyRetirement("erp", { ...key, deliveredKeyIds }, { dependsOn: secret });
 * ```
 */
export class KeyRetirement extends DeclaredResource {
  /** The present key. */
  declare readonly keyId: pulumi.Output<string>;
  /** The key whose delivery was confirmed last; empty where none was. */
  declare readonly confirmedKeyId: pulumi.Output<string>;
  /** When the previous key is to be deleted; RFC 3339, UTC; empty where there is none, and while the delivery is not confirmed. */
  declare readonly retireAt: pulumi.Output<string>;
  /** The key that was deleted last; empty where none was. */
  declare readonly retiredKeyId: pulumi.Output<string>;

  constructor(name: string, args: KeyRetirementArgs, opts?: pulumi.CustomResourceOptions) {
    const { serviceAccount, keyId, createTime, previousKeyId, rotationWaits } = args;
    const { overlap, allowLockout, deliveredKeyIds } = args;
    super(
      "keyRetirement",
      type,
      name,
      {
        ...{ serviceAccount, keyId, createTime, previousKeyId, rotationWaits },
        ...{ overlap, allowLockout, deliveredKeyIds },
        confirmedKeyId: undefined,
        retireAt: undefined,
        retiredKeyId: undefined,
      },
      opts,
    );
  }
}
