import { serverNow } from "./serverClock.js";

/**
 * The milliseconds that a `Retry-After` header asks to wait (RFC 9110, section 10.2.3: seconds or a date). Undefined if
 * the header is not usable.
 */
export function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  // Accept only plain digits. A number that only JavaScript accepts, such as 1e400, would stop everything for weeks.
  const isSeconds = /^\s*\d+(\.\d+)?\s*$/.test(header);
  // A date is by the server's clock, which may differ from the local one.
  const wait = isSeconds ? Number(header) * 1000 : Date.parse(header) - serverNow();
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longest);
}

/** The longest delay of a timer, which is longer than any operation may take. */
const longest = 2 ** 31 - 1;
