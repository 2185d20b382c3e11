import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "./declaredResource.js";

const type = "pulumi-nodejs:dynamic/dt:KeyRetirement";

/** The arguments of a `KeyRetirement`. All but the last three are outputs of the `ServiceAccountKey`. */
export interface KeyRetirementArgs {
  /** The account's `id`, `projects/P/serviceaccounts/S`. */
  serviceAccount: pulumi.Input<string>;
  /** The key that was delivered. */
  keyId: pulumi.Input<string>;
  /** When the delivered key was created, in RFC 3339. */
  createTime: pulumi.Input<string>;
  /** The key to delete. */
  previousKeyId: pulumi.Input<string>;
  /** Whether another rotation is waiting. If so, the overlap ends immediately. */
  rotationWaits?: pulumi.Input<boolean>;
  /**
   * Evidence of the delivery: for each delivery, the id of the key that it has delivered. Take the ids from outputs of
   * the resources that deliver the key. The whole credentials JSON of a key counts as its id. The delivery is complete
   * when every id equals `keyId`. Until then the previous key stays and the overlap doesn't start. Without
   * this argument, `pulumi up` with `--target` or `--exclude` can delete a key that is still in use.
   * @remarks `keyIdIn` finds the id in the credentials JSON: `[dt.keyIdIn(secret.secretString)]`.
   */
  deliveredKeyIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How long the previous key keeps working after the delivery, such as `"24h"`. `"0"` deletes it in the same update.
   * @default "24h"
   */
  overlap?: pulumi.Input<string>;
  /**
   * Allows deleting the key that Pulumi itself logs in with.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * Deletes the previous key when the current key has been delivered and the overlap is over. `deliveredKeyIds` names the
 * key that each delivery has, according to Pulumi's state. A delivery that failed, or that `--target` or `--exclude`
 * left out, still has the previous key, so the previous key keeps working.
 *
 * Removing this resource from a program doesn't delete any key.
 *
 * @remarks `DeliveredKey` includes a `KeyRetirement`.
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
  /** The current key. */
  declare readonly keyId: pulumi.Output<string>;
  /** The last key whose delivery was confirmed. Empty if there is none. */
  declare readonly confirmedKeyId: pulumi.Output<string>;
  /**
   * When the previous key will be deleted, in RFC 3339, UTC. Empty if there is no previous key, and until the delivery
   * is confirmed.
   */
  declare readonly retireAt: pulumi.Output<string>;
  /** The last key that was deleted. Empty if there is none. */
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
