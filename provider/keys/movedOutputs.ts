import type { KeyOutputs } from "./keyOutputs.js";

const all: readonly (keyof KeyOutputs)[] = [
  ...(["keyId", "secret", "createTime", "credentials", "generation", "rotationWaits"] as const),
  ...(["previousKeyId", "previousSecret", "rotateAt", "retireAt"] as const),
];

/** The outputs of a key that an update may change. A due rotation changes all but the account's email. */
export function movedOutputs({
  changed,
  isDue,
}: {
  readonly changed: readonly string[];
  readonly isDue: boolean;
}): readonly (keyof KeyOutputs)[] {
  if (isDue) return all;
  return [
    ...(changed.includes("rotateAfter") ? (["rotateAt"] as const) : []),
    ...(changed.includes("overlap") ? (["retireAt"] as const) : []),
  ];
}
