import type { CommandWords, OptionWords, Value } from "./words.js";

/** The completion script of fish. */
export const fish = (commands: readonly CommandWords[]): string =>
  [
    "# Completion of pulumi-dt for fish",
    "complete -c pulumi-dt -f",
    ...commands.map(
      ({ name, summary }) =>
        `complete -c pulumi-dt -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    ...commands.flatMap(linesOf),
    "",
  ].join("\n");

function linesOf({ name, options, operands }: CommandWords): string[] {
  const when = `complete -c pulumi-dt -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  const own = operands.kind === "none" || operands.kind === "text" ? [] : [`${when}${offer(operands)}`];
  return [...own, ...options.map((option) => `${when}${optionWords(option)}`)];
}

const optionWords = ({ long, description, value }: OptionWords): string =>
  ` -l ${long.slice(2)}${value.kind === "none" ? "" : " -r"}${offer(value)} -d ${quoted(description)}`;

function offer(value: Value): string {
  switch (value.kind) {
    case "words":
      return ` -f -a ${quoted(value.words.join(" "))}`;
    case "file":
      return " -F";
    case "none":
    case "text":
      return "";
  }
}

/** A text in single quotes. In fish, they are escaped with a backslash. */
const quoted = (text: string): string =>
  `'${text.replaceAll("\n", " ").replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
