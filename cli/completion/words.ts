import type { Argument, Command, Option } from "commander";

/** What can follow a command's name. */
export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionWords[];
  /** What the command's arguments are. */
  readonly operands: Value;
}

export interface OptionWords {
  /** `--out` */
  readonly long: string;
  readonly description: string;
  readonly value: Value;
}

/** What a shell can offer for a value: nothing, because there is no value or it is not known; files; or fixed words. */
export type Value =
  | { readonly kind: "none" }
  | { readonly kind: "text" }
  | { readonly kind: "file" }
  | { readonly kind: "words"; readonly words: readonly string[] };

/** Reads the words of a command from its options and arguments. */
export function wordsOf(command: Command): CommandWords {
  const visible = command.createHelp().visibleOptions(command);
  return {
    name: command.name(),
    summary: command.summary(),
    options: visible.flatMap((option): OptionWords[] =>
      typeof option.long === "string"
        ? [{ long: option.long, description: option.description, value: valueOf(option) }]
        : [],
    ),
    operands: command.registeredArguments.map(operandOf)[0] ?? { kind: "none" },
  };
}

function valueOf({ argChoices, flags, required, optional }: Option): Value {
  if (!required && !optional) return { kind: "none" };
  if (argChoices !== undefined) return { kind: "words", words: argChoices };
  return isFile(flags) ? { kind: "file" } : { kind: "text" };
}

function operandOf(argument: Argument): Value {
  if (argument.argChoices !== undefined) return { kind: "words", words: argument.argChoices };
  return isFile(argument.name()) ? { kind: "file" } : { kind: "text" };
}

const isFile = (text: string): boolean => /file|folder/.test(text);
