import { createHash } from "node:crypto";

export type Properties = Record<string, unknown>;

/** Pulumi passes this text to check and diff in place of an unknown value. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => JSON.stringify(value ?? null).includes(unknown);

export const isObject = (value: unknown): value is Properties => typeof value === "object" && value !== null;

export const pick = (from: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));

/** Whether two values are equal as JSON. The order of keys does not matter. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right || (left ?? undefined) === (right ?? undefined)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isEqual((left as Properties)[key], (right as Properties)[key]));
}

/** A hash that is the same for equal values. The order of keys does not matter. It reveals no secret. */
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
