import { serverNow } from "./serverClock.js";

/** Milliseconds that a `Retry-After` header (RFC 9110, section 10.2.3: seconds or a date) asks to wait; undefined where it says nothing usable. */
export function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  // Plain digits: what only JavaScript reads as a number, such as 1e400, would stop everything for weeks.
  const isSeconds = /^\s*\d+(\.\d+)?\s*$/.test(header);
  // A date is the server's, whose clock may differ from ours.
  const wait = isSeconds ? Number(header) * 1000 : Date.parse(header) - serverNow();
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longest);
}

/** As much as a timer holds, and longer than any operation may take. */
const longest = 2 ** 31 - 1;
