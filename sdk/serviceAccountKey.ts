import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "./declaredResource.js";
import { KeyRetirement } from "./keyRetirement.js";
import { showRetired } from "./retiredKey.js";

const type = "pulumi-nodejs:dynamic/dt:ServiceAccountKey";

export interface ServiceAccountKeyArgs {
  /** The account's `id`, `projects/P/serviceaccounts/S`. Changing it replaces the key. */
  serviceAccount: pulumi.Input<string>;
  /**
   * Changing a value in this map rotates the key. Adding or removing an entry, or the whole map, doesn't.
   * @example { incident: "2026-11-03" }
   */
  rotationTriggers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * The age at which an update rotates the key, counted from the key's creation, such as `"90d"`. Changing this value
   * doesn't itself rotate the key.
   */
  rotateAfter?: pulumi.Input<string>;
  /**
   * How long the previous key keeps working after a rotation, such as `"24h"`. A shorter overlap only makes the deletion
   * happen earlier. With `"0"`, the next update deletes it. To delete it in the same update, set `retirement` to
   * `"afterDelivery"` and declare a `KeyRetirement` with the overlap `"0"`.
   * @default "24h"
   * @remarks If `overlap` is `"0"` and `retirement` isn't set, this class declares a `KeyRetirement`. It deletes the
   * previous key in the same update, once the new key has logged in and is in the state. If `"0"` is an output, the next
   * update deletes the previous key.
   */
  overlap?: pulumi.Input<string>;
  /**
   * Which resource deletes the previous key. `automatic`: this resource, in the first update after the overlap.
   * `afterDelivery`: a `KeyRetirement`, which waits for the delivery of the new key.
   * @default "automatic"
   * @remarks `DeliveredKey` includes a `KeyRetirement`.
   */
  retirement?: pulumi.Input<"automatic" | "afterDelivery">;
  /** Adopts the existing key with this id instead of creating a key. */
  adopt?: pulumi.Input<string>;
  /** With `adopt`: the key's secret, if you know it. Stored as a Pulumi secret, even if you pass it as plaintext. */
  secret?: pulumi.Input<string>;
  /**
   * Allows deleting or replacing the key that Pulumi itself logs in with.
   * @default false
   */
  allowLockout?: pulumi.Input<boolean>;
}

/**
 * A key of a service account, which a machine logs in with. The API returns the secret only on creation. The state
 * stores it as a Pulumi secret. An account has at most 10 keys. The `id` is the API name of the first key.
 *
 * Rotation happens in place, without an outage. It creates a new key and logs in with it. The previous key keeps
 * working for the `overlap`, and the next update after that deletes it.
 *
 * @example
 * ```ts
 * const key = new dt.ServiceAccountKey("erp", { serviceAccount: account.id, rotateAfter: "90d" });
 * export const credentials = key.credentials; // shown as [secret]
 * ```
 */
export class ServiceAccountKey extends DeclaredResource {
  declare readonly serviceAccount: pulumi.Output<string>;
  /** The id that logs in: the `kid` of a JWT assertion, or the user name of Basic authentication. */
  declare readonly keyId: pulumi.Output<string>;
  /** The current key's secret. A Pulumi secret. Empty for an adopted key without a `secret` argument. */
  declare readonly secret: pulumi.Output<string>;
  /** The account's email, the issuer of a JWT assertion. */
  declare readonly email: pulumi.Output<string>;
  /** When the current key was created, in RFC 3339, UTC. */
  declare readonly createTime: pulumi.Output<string>;
  /**
   * The previous key, as long as it is known to work. Otherwise empty. If a `KeyRetirement` that you declared has
   * deleted the key, this value is updated by a refresh or by the next rotation.
   */
  declare readonly previousKeyId: pulumi.Output<string>;
  /** The previous key's secret. A Pulumi secret. Empty if there is no previous key. */
  declare readonly previousSecret: pulumi.Output<string>;
  /** When the next rotation is due, in RFC 3339, UTC. Empty without `rotateAfter`. */
  declare readonly rotateAt: pulumi.Output<string>;
  /** When the previous key will be deleted, in RFC 3339, UTC. Empty if there is no previous key. */
  declare readonly retireAt: pulumi.Output<string>;
  /** True while another rotation waits for the deletion of the previous key. */
  declare readonly rotationWaits: pulumi.Output<boolean>;
  /** 1 for the first key. Each rotation adds 1. */
  declare readonly generation: pulumi.Output<number>;
  /**
   * The current key as the JSON file that the vendor's clients read (`DT_CREDENTIALS_FILE`). A Pulumi secret. Empty if
   * the secret isn't known.
   */
  declare readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: ServiceAccountKeyArgs, opts?: pulumi.CustomResourceOptions) {
    // The previous key must not be deleted before the engine has recorded the new key. To delete it in the same update,
    // another resource must do it.
    const isAtOnce = args.overlap === "0" && args.retirement === undefined && opts?.id === undefined;
    super(
      "serviceAccountKey",
      type,
      name,
      {
        ...args,
        retirement: isAtOnce ? "atOnce" : args.retirement,
        secret: args.secret === undefined ? undefined : pulumi.secret(args.secret),
        keyId: undefined,
        email: undefined,
        createTime: undefined,
        previousKeyId: undefined,
        previousSecret: undefined,
        rotateAt: undefined,
        retireAt: undefined,
        rotationWaits: undefined,
        generation: undefined,
        credentials: undefined,
      },
      pulumi.mergeOptions({ additionalSecretOutputs: ["secret", "previousSecret", "credentials"] }, opts),
      args.adopt === undefined
        ? undefined
        : { parent: args.serviceAccount, collection: "keys", what: args.adopt },
    );
    if (isAtOnce) {
      const { serviceAccount, keyId, createTime, previousKeyId, rotationWaits } = this;
      const { allowLockout } = args;
      const retirement = new KeyRetirement(
        name,
        {
          ...{ serviceAccount, keyId, createTime, previousKeyId, overlap: "0" },
          // This key is only an output, so it counts as delivered.
          ...{ deliveredKeyIds: [keyId], rotationWaits, allowLockout: allowLockout ?? false },
        },
        { parent: this, ...(opts?.provider === undefined ? {} : { provider: opts.provider }) },
      );
      showRetired(this, retirement);
    }
  }
}
