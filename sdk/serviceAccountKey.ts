import * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "./declaredResource.js";
import { KeyRetirement } from "./keyRetirement.js";
import { showRetired } from "./retiredKey.js";

const type = "pulumi-nodejs:dynamic/dt:ServiceAccountKey";

export interface ServiceAccountKeyArgs {
  /** The account's `id`, `projects/P/serviceaccounts/S`. Changing it replaces the key. */
  serviceAccount: pulumi.Input<string>;
  /**
   * Any changed value of a name in this map makes a new key. Adding or removing a name, or the whole map, does not.
   * @example { incident: "2026-11-03" }
   */
  rotationTriggers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Age at which an update makes a new key, counted from the key's creation, such as `"90d"`. Changing it alone makes none. */
  rotateAfter?: pulumi.Input<string>;
  /**
   * How long the previous key goes on working beside a new one, such as `"24h"`. `"0"` deletes it in the same update, as soon as the
   * new one has logged in and is recorded (written as an output instead of a text: in the next update). Shortening it only brings the
   * deletion forward.
   * @default "24h"
   */
  overlap?: pulumi.Input<string>;
  /**
   * Who deletes the previous key: this resource in an update after its time has come, or a `KeyRetirement` that waits for the
   * delivery of the new one, as `DeliveredKey` has.
   * @default "automatic"
   */
  retirement?: pulumi.Input<"automatic" | "afterDelivery">;
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
 * a Pulumi secret. An account has at most 10 keys. The `id` is the first key's API name.
 *
 * Rotation happens in place and without an outage: a new key is made, it logs in, and the previous one goes on working for the
 * `overlap`; an update after that deletes it.
 *
 * @example
 * ```ts
 * const key = new dt.ServiceAccountKey("erp", { serviceAccount: account.id, rotateAfter: "90d" });
 * export const credentials = key.credentials; // shown as [secret]
 * ```
 */
export class ServiceAccountKey extends DeclaredResource {
  declare readonly serviceAccount: pulumi.Output<string>;
  /** What the key is called in a login: the `kid` of an assertion, the user of Basic authentication. */
  declare readonly keyId: pulumi.Output<string>;
  /** A Pulumi secret. Empty for an adopted key whose secret was not given. */
  declare readonly secret: pulumi.Output<string>;
  /** The account's email: the issuer of an assertion. */
  declare readonly email: pulumi.Output<string>;
  /** When the current key was created; RFC 3339, UTC. */
  declare readonly createTime: pulumi.Output<string>;
  /**
   * The key before, as long as it is known to work; else empty. Where a `KeyRetirement` of your own has deleted it, a refresh or the
   * next rotation finds out.
   */
  declare readonly previousKeyId: pulumi.Output<string>;
  /** A Pulumi secret; empty without a previous key. */
  declare readonly previousSecret: pulumi.Output<string>;
  /** When the next rotation is due; RFC 3339, UTC; empty without `rotateAfter`. */
  declare readonly rotateAt: pulumi.Output<string>;
  /** When the previous key is to be deleted; RFC 3339, UTC; empty without one. */
  declare readonly retireAt: pulumi.Output<string>;
  /** True while a further rotation waits until the previous key is gone. */
  declare readonly rotationWaits: pulumi.Output<boolean>;
  /** 1 for the first key, and one more with each rotation. */
  declare readonly generation: pulumi.Output<number>;
  /**
   * A Pulumi secret: the current key as the JSON file that the vendor's clients read (`DT_CREDENTIALS_FILE`). Empty where the secret
   * is not known.
   */
  declare readonly credentials: pulumi.Output<string>;

  constructor(name: string, args: ServiceAccountKeyArgs, opts?: pulumi.CustomResourceOptions) {
    // A key may only go after the engine has recorded its successor, so it takes another resource to do that in the same update.
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
          // Nobody delivers this key: whoever uses it takes it from the outputs.
          ...{ deliveredKeyIds: [keyId], rotationWaits, allowLockout: allowLockout ?? false },
        },
        { parent: this, ...(opts?.provider === undefined ? {} : { provider: opts.provider }) },
      );
      showRetired(this, retirement);
    }
  }
}
