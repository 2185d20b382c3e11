import * as pulumi from "@pulumi/pulumi";
import type { KeyRetirement } from "./keyRetirement.js";

/** The outputs of a key that describe the previous key. */
interface PreviousKey {
  readonly previousKeyId: pulumi.Output<string>;
  readonly previousSecret: pulumi.Output<string>;
  readonly retireAt: pulumi.Output<string>;
}

/**
 * Corrects the outputs of a key at the end of an update. Pulumi records the state of the key before the retirement
 * deletes the previous key, so the state still lists the previous key.
 */
export function showRetired(key: PreviousKey, { retiredKeyId, retireAt }: KeyRetirement): void {
  const { previousKeyId, previousSecret } = key;
  const isThere = pulumi
    .all([previousKeyId, retiredKeyId])
    .apply(([previous, retired]) => previous !== "" && previous !== retired);
  /** Empties an output if the previous key is gone. */
  const whileThere = (output: pulumi.Output<string>): pulumi.Output<string> =>
    pulumi.all([output, isThere]).apply(([value, isPresent]) => (isPresent ? value : ""));
  const outputs: PreviousKey = {
    previousKeyId: whileThere(previousKeyId),
    previousSecret: whileThere(previousSecret),
    retireAt: whileThere(retireAt),
  };
  Object.assign(key, outputs);
}
