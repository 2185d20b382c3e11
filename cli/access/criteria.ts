import { milliseconds } from "../../provider/contract/duration.js";
import { printable } from "../../provider/api/text/foreignText.js";
import type { Criteria } from "./record.js";

/** The options that a report's figures depend on. */
export interface CriteriaOptions {
  readonly domain?: readonly string[];
  readonly keyAge: string;
  readonly within: string;
}

/** Reads the options. @throws Error that names the option with a wrong value */
export function readCriteria({ domain = [], keyAge, within }: CriteriaOptions): Criteria {
  return {
    domains: [...new Set(domain.map(readDomain))].sort(),
    keyAge: readDuration("--key-age", keyAge),
    within: readDuration("--within", within),
  };
}

function readDomain(text: string): string {
  const domain = text.trim().toLowerCase().replace(/^@/, "");
  if (/^[^\s@,]+\.[^\s@,]+$/.test(domain)) return domain;
  throw new Error(
    `--domain is a mail domain, such as example.com, not ${JSON.stringify(printable(text))}; repeat the option for more`,
  );
}

function readDuration(option: string, text: string): string {
  try {
    milliseconds(text);
    return text;
  } catch (error) {
    throw new Error(`${option} ${(error as Error).message}`, { cause: error });
  }
}
