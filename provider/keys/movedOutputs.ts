import type { KeyOutputs } from "./keyOutputs.js";

/** The outputs that change when the previous key is deleted. */
export const movedByRemoval = ["previousKeyId", "previousSecret", "retireAt", "rotationWaits"] as const;

/** The outputs that a rotation changes: all but the account's email. */
export const movedByRotation = [
  ...(["keyId", "secret", "createTime", "credentials", "generation", "rotateAt"] as const),
  ...movedByRemoval,
] as const;

/** The outputs that change with the inputs, if nothing is due. */
export const movedOutputs = ({
  changed,
}: {
  readonly changed: readonly string[];
}): readonly (keyof KeyOutputs)[] => [
  ...(changed.includes("rotateAfter") ? (["rotateAt"] as const) : []),
  ...(changed.includes("overlap") ? (["retireAt"] as const) : []),
];
