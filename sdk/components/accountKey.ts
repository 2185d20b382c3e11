import * as pulumi from "@pulumi/pulumi";
import type { ServiceAccount } from "../serviceAccount.js";
import { ServiceAccountKey, type ServiceAccountKeyArgs } from "../serviceAccountKey.js";

/** How the key of a component's account is rotated and adopted; `false` makes none. */
export type KeyArgs = Omit<ServiceAccountKeyArgs, "serviceAccount"> | false;

/** The key of a component's account, named like the component. */
export function accountKey(
  name: string,
  { id: serviceAccount }: ServiceAccount,
  key: KeyArgs = {},
  opts: pulumi.CustomResourceOptions,
): { key: ServiceAccountKey | undefined; credentials: pulumi.Output<string> } {
  if (key === false) return { key: undefined, credentials: pulumi.output("") };
  const made = new ServiceAccountKey(name, { serviceAccount, ...key }, opts);
  return { key: made, credentials: made.credentials };
}
