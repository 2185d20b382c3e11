import { type Amount, type Choice, unknownsTable } from "./unknownsTable";

type Table = typeof unknownsTable;

/** The value of each switch of {@link unknownsTable}. */
export type Unknowns = {
  -readonly [Name in keyof Table]: Table[Name] extends Choice<infer Value> ? Value : number;
};

/** The default values, overridden by `given`. @throws {TypeError} for an unknown name or value */
export function answerUnknowns(given: Readonly<Record<string, unknown>> = {}): Unknowns {
  const answers = Object.fromEntries(
    Object.entries(unknownsTable).map(([name, entry]) => [name, entry.default]),
  ) as Unknowns;
  changeUnknowns(answers, given);
  return answers;
}

/**
 * Changes switches. A value may also be a string, as on a command line: `{ forbiddenAs: "404" }`.
 * Changes nothing if one name or value is invalid.
 * @throws {TypeError} for an unknown name or value
 */
export function changeUnknowns(answers: Unknowns, given: Readonly<Record<string, unknown>>): void {
  const changes = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, parseAnswer(name, value)]);
  Object.assign(answers, Object.fromEntries(changes));
}

function parseAnswer(name: string, value: unknown): string | number | boolean {
  const entry = (unknownsTable as Record<string, Choice<string | number | boolean> | Amount>)[name];
  if (!entry || !Object.hasOwn(unknownsTable, name))
    throw new TypeError(`there is no switch "${name}": see --list-unknowns`);
  if ("values" in entry) {
    const found = entry.values.find((known) => String(known) === display(value));
    if (found === undefined)
      throw new TypeError(`${name} must be one of ${entry.values.join(", ")}, not ${display(value)}`);
    return found;
  }
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  const isCount = !["milliseconds", "seconds", "days"].includes(entry.unit);
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0 || (isCount && number % 1 !== 0))
    throw new TypeError(`${name} must be a number of ${entry.unit}, 0 or more, not ${display(value)}`);
  return number;
}

const display = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
