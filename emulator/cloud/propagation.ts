import type { CloudState } from "./cloudState";

const delays = {
  projects: "propagationProjectMs",
  accounts: "propagationAccountMs",
  keys: "propagationKeyMs",
  members: "propagationMemberMs",
} as const;

/** Whether a resource is so new that the API still answers 404 for it. */
export function isPropagating<Kind extends keyof typeof delays>(
  cloud: CloudState,
  kind: Kind,
  item: NonNullable<ReturnType<CloudState[Kind]["get"]>>,
): boolean {
  const delayMs = cloud.unknowns[delays[kind]];
  return delayMs > 0 && cloud[kind].ageMs(item as never) < delayMs;
}
