import { Command } from "commander";

/** A command whose usage errors exit with 1, because 2 means that it found something. */
export class CheckingCommand extends Command {
  override error(message: string): never {
    throw new Error(`${message.replace(/^error: /, "").replace(/\s+/g, " ")} (--help says more)`);
  }
}

/** Collects the values of an option that can be repeated. */
export const several = (value: string, before: readonly string[] = []): string[] => [...before, value];
