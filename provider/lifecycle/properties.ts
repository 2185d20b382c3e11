import { createHash } from "node:crypto";

export type Properties = Record<string, unknown>;

/** How a value that is not known yet arrives in check and diff. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => JSON.stringify(value ?? null).includes(unknown);

export const pick = (from: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));

/** Equal as JSON; order of keys aside, for maps. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right || (left ?? undefined) === (right ?? undefined)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isEqual((left as Properties)[key], (right as Properties)[key]));
}

/** The same for equal values, whatever the order of keys. No secret can be read from it. */
export const equalityKey = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("base64");

const sorted = (value: unknown): unknown =>
  typeof value !== "object" || value === null
    ? value
    : Object.entries(value)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, each]) => [name, sorted(each)]);
