import * as pulumi from "@pulumi/pulumi";
import type { ServiceAccount } from "../serviceAccount.js";
import { ServiceAccountKey, type ServiceAccountKeyArgs } from "../serviceAccountKey.js";
import { DeliveredKey, type DeliveredKeyArgs } from "./deliveredKey.js";

/** How the key of a component's account is rotated, adopted and delivered. */
export interface KeyArgs extends Omit<ServiceAccountKeyArgs, "serviceAccount" | "retirement"> {
  /**
   * Where the key is used. The key is delivered there, and a rotation waits for that.
   * @default none: the key is an output
   */
  targets?: DeliveredKeyArgs["targets"];
}

interface Made {
  readonly key: ServiceAccountKey | undefined;
  readonly credentials: pulumi.Output<string>;
}

/** Creates the key of a component's account, named like the component. With `false`, creates nothing. */
export function accountKey(
  name: string,
  { id: serviceAccount }: ServiceAccount,
  key: KeyArgs | false = {},
  opts: pulumi.CustomResourceOptions,
): Made {
  if (key === false) return { key: undefined, credentials: pulumi.output("") };
  const { targets, ...rotation } = key;
  const made =
    targets === undefined
      ? new ServiceAccountKey(name, { serviceAccount, ...rotation }, opts)
      : new DeliveredKey(name, { serviceAccount, targets, ...rotation }, opts).key;
  return { key: made, credentials: made.credentials };
}
