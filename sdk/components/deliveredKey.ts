import * as pulumi from "@pulumi/pulumi";
import { KeyRetirement } from "../keyRetirement.js";
import { showRetired } from "../retiredKey.js";
import { ServiceAccountKey, type ServiceAccountKeyArgs } from "../serviceAccountKey.js";
import { deliver } from "./delivery.js";
import type { Target } from "./targets/target.js";

export interface DeliveredKeyArgs extends Omit<ServiceAccountKeyArgs, "retirement"> {
  /** Where the key is used, by names of your own. Taking one out runs its `delete`. */
  targets: Readonly<Record<string, Target>>;
  /**
   * How long the previous key goes on working after the new one was delivered to every target and verified there; `"0"` deletes it
   * in the same update.
   * @default "24h"
   */
  overlap?: pulumi.Input<string>;
}

/**
 * A key of a service account together with where it is used: a rotation brings the new key to every target, tries it there, and only
 * then lets the previous one go. As long as a delivery or a verification fails, the previous key goes on working, and the next
 * update goes on from there.
 *
 * Needs `@pulumi/command`: `npm install @pulumi/command@1.2.1`.
 *
 * @example
 * ```ts
 * new dt.DeliveredKey("erp", {
 *   serviceAccount: account.id,
 *   rotateAfter: "90d",
 *   targets: {
 *     server: dt.credentialsFile({ path: "/etc/erp/dt.json", tryLogin: true }),
 *     pipeline: dt.githubSecret({ name: "DT_CREDENTIALS", repository: "acme/erp" }),
 *     other: { deliver: "vault kv put -mount=secret erp credentials=-", verify: dt.verifyLogin },
 *   },
 * });
 * ```
 */
export class DeliveredKey extends pulumi.ComponentResource {
  readonly key: ServiceAccountKey;
  readonly retirement: KeyRetirement;
  readonly keyId: pulumi.Output<string>;
  /** A Pulumi secret: the current key as the JSON file that the vendor's clients read. */
  readonly credentials: pulumi.Output<string>;
  /** When the next rotation is due; RFC 3339, UTC; empty without `rotateAfter`. */
  readonly rotateAt: pulumi.Output<string>;
  /** When the previous key is to be deleted; RFC 3339, UTC; empty where there is none. */
  readonly retireAt: pulumi.Output<string>;

  constructor(name: string, args: DeliveredKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dt:index:DeliveredKey", name, {}, opts);
    const { targets, ...given } = args;
    this.key = new ServiceAccountKey(name, { ...given, retirement: "afterDelivery" }, { parent: this });
    const { serviceAccount, keyId, createTime, previousKeyId, rotationWaits, credentials } = this.key;
    const deliveries = Object.entries(targets).map(([label, target]) =>
      deliver(`${name}-${label}`, target, credentials, { parent: this }),
    );
    const { overlap = "24h", allowLockout = false } = args;
    const deliveredKeyIds = deliveries.flatMap(({ keyIds }) => keyIds);
    this.retirement = new KeyRetirement(
      name,
      {
        ...{ serviceAccount, keyId, createTime, previousKeyId, rotationWaits },
        ...{ deliveredKeyIds, overlap, allowLockout },
      },
      { parent: this, dependsOn: deliveries.flatMap(({ commands }) => commands) },
    );
    showRetired(this.key, this.retirement);
    this.keyId = keyId;
    this.credentials = credentials;
    this.rotateAt = this.key.rotateAt;
    this.retireAt = this.retirement.retireAt;
    this.registerOutputs({
      ...{ keyId, credentials, rotateAt: this.rotateAt, retireAt: this.retireAt },
    });
    if (deliveries.length === 0) void pulumi.log.warn("it has no targets, so the key is not delivered", this);
  }
}
