import { printable } from "../api/text/foreignText.js";
import { redactGiven } from "../api/text/redact.js";
import type { RateLimit } from "../api/http/settings.js";
import type { Setting } from "./settingTable.js";

/** A value and the name of the place where it was found. */
export interface Found {
  readonly value: string;
  readonly from: string;
}

/** A value that consists of spaces counts as not set. */
export const found = (value: string | undefined, from: string): Found | undefined =>
  value === undefined || value.trim() === "" ? undefined : { value: value.trim(), from };

/** `25/5` means 25 requests in 5 seconds, which is the API's documented limit. `off` means unlimited. */
export function readRateLimit({ value: text, from }: Found): RateLimit | undefined {
  if (text === "off") return undefined;
  const [, requests, perSeconds] = /^([1-9]\d*)\/(\d+(?:\.\d+)?)s?$/.exec(text) ?? [];
  if (requests === undefined || !(Number(perSeconds) > 0)) {
    throw new Error(
      `${from} must be requests/seconds, such as 25/5, or off; not "${printable(redactGiven(text))}"`,
    );
  }
  return { requests: Number(requests), perSeconds: Number(perSeconds) };
}

export function readDate(given: Found | undefined): string | undefined {
  if (given === undefined) return undefined;
  const { value: text, from } = given;
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new Error(
      `${from} must be a date (RFC 3339), such as 2027-01-31T00:00:00Z, not "${printable(redactGiven(text))}"`,
    );
  }
  return new Date(text).toISOString();
}

export function readSeconds(
  { meaning, byDefault }: Pick<Setting, "meaning"> & { readonly byDefault: string },
  given: Found | undefined,
): number {
  if (given === undefined) return Number(byDefault);
  const seconds = Number(given.value);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new Error(
    `${given.from} must be ${meaning}: a number such as ${byDefault}, not "${printable(redactGiven(given.value))}"`,
  );
}
