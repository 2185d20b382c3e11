import { InvalidInput } from "./resource.js";

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const longest = 100 * 365 * 86_400;

/**
 * Converts a duration such as `90d`, `12h`, `1h30m` or `0` to milliseconds.
 *
 * @throws InvalidInput for any other text, and for more than 100 years
 */
export function milliseconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)([smhdw])/g)];
  const isWhole = parts.map(([part]) => part).join("") === text && text !== "";
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? NaN), 0);
  if (text === "0") return 0;
  if (!isWhole || seconds > longest) {
    throw new InvalidInput(
      `must be a duration such as "90d", "12h" or "1h30m", not ${JSON.stringify(text).slice(0, 40)}`,
    );
  }
  return seconds * 1000;
}
