import * as pulumi from "@pulumi/pulumi";
import type { KeyRetirement } from "./keyRetirement.js";

/** The outputs of a key that tell of the previous one. */
interface PreviousKey {
  readonly previousKeyId: pulumi.Output<string>;
  readonly previousSecret: pulumi.Output<string>;
  readonly retireAt: pulumi.Output<string>;
}

/**
 * Makes the outputs of a key tell what is true at the end of an update: the state of the key is recorded before the retirement
 * deletes the previous key, and still lists it.
 */
export function showRetired(key: PreviousKey, { retiredKeyId, retireAt }: KeyRetirement): void {
  const { previousKeyId, previousSecret } = key;
  const isThere = pulumi
    .all([previousKeyId, retiredKeyId])
    .apply(([previous, retired]) => previous !== "" && previous !== retired);
  /** An output that is empty without a previous key. */
  const whileThere = (output: pulumi.Output<string>): pulumi.Output<string> =>
    pulumi.all([output, isThere]).apply(([value, isPresent]) => (isPresent ? value : ""));
  const outputs: PreviousKey = {
    previousKeyId: whileThere(previousKeyId),
    previousSecret: whileThere(previousSecret),
    retireAt: whileThere(retireAt),
  };
  Object.assign(key, outputs);
}
