import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import type { Command } from "commander";
import { several } from "../subcommand.js";
import { parseState, type StackState } from "./deployment.js";

/** Where states come from, as the options say. */
export interface StateOptions {
  readonly state?: string;
  readonly stack?: string;
  readonly cwd?: string;
  readonly otherState?: readonly string[];
}

/** Adds the options that say whose state is meant. */
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

/** The stack that is meant, and the others that account for things beside it. */
export interface States {
  readonly stack: StackState;
  readonly others: readonly StackState[];
}

/** @throws Error when a state can't be had, or is none */
export async function readStates(options: StateOptions): Promise<States> {
  const others = await readOtherStates(options);
  return { stack: await mainState(options), others };
}

/** Only those of other stacks. @throws Error when one can't be had, or is none */
export const readOtherStates = ({ otherState = [] }: StateOptions): Promise<StackState[]> =>
  Promise.all(otherState.map(fromFile));

async function mainState({ state, stack, cwd }: StateOptions): Promise<StackState> {
  if (state === undefined) return parseState(await exported(stack, cwd), "`pulumi stack export`");
  if (stack !== undefined || cwd !== undefined) {
    throw new Error("--state can't be combined with --stack or --cwd");
  }
  return state === "-" ? parseState(await text(process.stdin), "standard input") : fromFile(state);
}

const fromFile = async (path: string): Promise<StackState> => parseState(await readFile(path, "utf8"), path);

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
