import { toServerTime } from "./serverClock.js";

/** Milliseconds that a `Retry-After` header (RFC 9110, section 10.2.3: seconds or a date) asks to wait; undefined where it says nothing usable. */
export function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  // A date is the server's, whose clock may differ from ours.
  const wait = Number.isNaN(seconds) ? Date.parse(header) - toServerTime(Date.now()) : seconds * 1000;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longest);
}

/** As much as a timer holds, and longer than any operation may take. */
const longest = 2 ** 31 - 1;
