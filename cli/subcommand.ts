import { Command, Option } from "commander";

/** A command whose usage errors exit with 1, because 2 means that it found something. */
export class CheckingCommand extends Command {
  override error(message: string): never {
    throw new Error(`${message.replace(/^error: /, "").replace(/\s+/g, " ")} (--help says more)`);
  }
}

/** Collects the values of an option that can be repeated. */
export const several = (value: string, before: readonly string[] = []): string[] => [...before, value];

/**
 * An option with known values, which the help and the completion of a shell show. The command checks the values itself.
 *
 * @param parse what the option does with a value, such as `several`
 */
export function optionOf<Value>(
  flags: string,
  description: string,
  choices: readonly string[],
  parse: (value: string, before: Value) => Value,
): Option {
  const option = new Option(flags, description).argParser<Value>(parse);
  option.argChoices = [...choices];
  return option;
}
