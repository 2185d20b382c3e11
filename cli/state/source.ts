import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Command } from "commander";
import { several } from "../subcommand.js";
import { readGiven } from "../readGiven.js";
import { parseState, type StackState } from "./deployment.js";

/** The options that select the states. */
export interface StateOptions {
  readonly state?: string;
  readonly stack?: string;
  readonly cwd?: string;
  readonly otherState?: readonly string[];
}

/** Adds the options that select the states. */
export const withStateOptions = (command: Command): Command =>
  command
    .option("--state <file>", "a file written by `pulumi stack export`; - is standard input")
    .option("--stack <name>", "ask `pulumi stack export` for this stack (default: the current one)")
    .option("--cwd <folder>", "the folder of the Pulumi program (default: this one)")
    .option(
      "--other-state <file>",
      "a state of another stack: what it holds is not unmanaged (can be repeated)",
      several,
    );

/** The state of the selected stack, and those of other stacks whose declarations are not reported as unmanaged. */
export interface States {
  readonly stack: StackState;
  readonly others: readonly StackState[];
}

/** @throws Error if a state can't be read or isn't a state */
export async function readStates(options: StateOptions): Promise<States> {
  const others = await readOtherStates(options);
  return { stack: await mainState(options), others };
}

/** Reads only the states of other stacks. @throws Error if one can't be read or isn't a state */
export const readOtherStates = ({ otherState = [] }: StateOptions): Promise<StackState[]> =>
  Promise.all(otherState.map(fromFile));

async function mainState({ state, stack, cwd }: StateOptions): Promise<StackState> {
  if (state === undefined) return parseState(await exported(stack, cwd), "`pulumi stack export`");
  if (stack !== undefined || cwd !== undefined) {
    throw new Error("--state can't be combined with --stack or --cwd");
  }
  return parseState(await readGiven(state), state === "-" ? "standard input" : state);
}

const fromFile = async (path: string): Promise<StackState> => parseState(await readGiven(path), path);

async function exported(stack: string | undefined, cwd: string | undefined): Promise<string> {
  const args = ["stack", "export", "--non-interactive"];
  if (stack !== undefined) args.push("--stack", stack);
  if (cwd !== undefined) args.push("--cwd", cwd);
  try {
    return (await promisify(execFile)("pulumi", args, { maxBuffer: 1 << 30 })).stdout;
  } catch (error) {
    const { code, stderr = "", message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") {
      throw new Error("pulumi is not on PATH: pass the state with --state FILE", {
        cause: error,
      });
    }
    throw new Error(`pulumi ${args.join(" ")}: ${stderr.trim() || message}`, { cause: error });
  }
}
