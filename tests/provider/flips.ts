import { type Amount, type Choice, unknownsTable } from "../../emulator/unknowns/unknownsTable";

/** What is tried of an amount: enough to matter in a life cycle, and not to forbid it. */
const amounts: Readonly<Record<string, number>> = {
  milliseconds: 100,
  seconds: 60,
  days: 1,
  characters: 20,
  accounts: 3,
  items: 1,
};

/** Each answer of each open question but the default, so that a new question is tried by itself. */
export const flips = Object.entries<Choice<string | number | boolean> | Amount>(unknownsTable).flatMap(
  ([name, entry]): [name: string, value: string | number | boolean][] =>
    "values" in entry
      ? entry.values.filter((value) => value !== entry.default).map((value) => [name, value])
      : [[name, amounts[entry.unit] ?? NaN]],
);
