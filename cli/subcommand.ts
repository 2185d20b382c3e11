import { Command } from "commander";

/** A command whose usage errors end with exit code 1: 2 means that something was found. */
export class CheckingCommand extends Command {
  override error(message: string): never {
    throw new Error(`${message.replace(/^error: /, "").replace(/\s+/g, " ")} (--help says more)`);
  }
}

/** Collects an option that may be given several times. */
export const several = (value: string, before: readonly string[] = []): string[] => [...before, value];
