import { printable } from "../../provider/api/text/foreignText.js";
import type { Criteria } from "./record.js";

/** The options that a report's figures depend on. */
export interface CriteriaOptions {
  readonly domain?: readonly string[];
  readonly keyAge: string;
  readonly within: string;
}

/** Reads the options. The command checks the durations. @throws Error if a domain is not one */
export function readCriteria({ domain = [], keyAge, within }: CriteriaOptions): Criteria {
  return {
    domains: [...new Set(domain.map(readDomain))].sort(),
    keyAge,
    within,
  };
}

function readDomain(text: string): string {
  const domain = text.trim().toLowerCase().replace(/^@/, "");
  if (/^[^\s@,]+\.[^\s@,]+$/.test(domain)) return domain;
  throw new Error(
    `--domain is a mail domain, such as example.com, not ${JSON.stringify(printable(text))}; repeat the option for more`,
  );
}
