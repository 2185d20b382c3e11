import {
  compareWithCloud,
  type CompareOptions,
  type StackComparison,
} from "../../cli/findings/compareWithCloud";
import { parseState } from "../../cli/state/deployment";
import { sessionFor } from "../../provider/session/session";
import type { Credentials } from "../../emulator";
import type { Stack } from "../provider/stack";
import type { World } from "../provider/world";
import { exported, type Exported } from "./state";

export interface Circumstances extends CompareOptions {
  /** The account that reads the cloud; by default the admin. */
  login?: Credentials;
  /** The date that decides whether rotations are due. */
  asOf?: string;
  /** The states of other stacks. */
  others?: Exported[];
}

/** Compares a stack or a state with a world, in this process. */
export async function compared(
  world: World,
  stack: Stack | Exported,
  { login, asOf, others = [], ...options }: Circumstances = {},
): Promise<StackComparison> {
  const state = "made" in stack ? exported(stack) : stack;
  const settings: Record<string, string> = { ...world.settingsOf(login) };
  if (asOf !== undefined) settings["dt:asOf"] = asOf;
  const read = (each: Exported) => parseState(JSON.stringify(each), "a test");
  return await compareWithCloud(
    { stack: read(state), others: others.map(read) },
    await sessionFor((key) => settings[key]),
    options,
  );
}

/** Only the findings of the same comparison, as `class id`. */
export async function findingsIn(...args: Parameters<typeof compared>): Promise<string[]> {
  return (await compared(...args)).findings.map(({ class: kind, id }) => `${kind} ${id}`);
}
