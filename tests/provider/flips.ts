import { type Amount, type Choice, unknownsTable } from "../../emulator/unknowns/unknownsTable";

/** The amounts to test: large enough to matter in a life cycle, and small enough for it to succeed. */
const amounts: Readonly<Record<string, number>> = {
  milliseconds: 100,
  seconds: 60,
  days: 1,
  characters: 20,
  accounts: 3,
  items: 1,
};

/** Each answer to each open question except the default, so that a new question is tested automatically. */
export const flips = Object.entries<Choice<string | number | boolean> | Amount>(unknownsTable).flatMap(
  ([name, entry]): [name: string, value: string | number | boolean][] =>
    "values" in entry
      ? entry.values.filter((value) => value !== entry.default).map((value) => [name, value])
      : [[name, amounts[entry.unit] ?? NaN]],
);
