import type { World } from "./world";

const propagation = {
  projects: "propagationProjectMs",
  accounts: "propagationAccountMs",
  keys: "propagationKeyMs",
  members: "propagationMemberMs",
} as const;

/** Whether a thing is so new that the cloud still answers 404 to its name. */
export function isSettling<Kind extends keyof typeof propagation>(
  world: World,
  kind: Kind,
  item: NonNullable<ReturnType<World[Kind]["get"]>>,
): boolean {
  const delayMs = world.unknowns[propagation[kind]];
  return delayMs > 0 && world[kind].ageMs(item as never) < delayMs;
}
