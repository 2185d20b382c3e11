/** How far the server's clock is ahead of the local clock, in milliseconds, according to its answers. */
let ahead = 0;
let isHeard = false;

/**
 * Learns from an answer's `Date` header. The header is cut to the second, so the highest of several consistent answers
 * is the most accurate.
 */
export function learnServerTime(date: string | undefined): void {
  const seen = Date.parse(date ?? "") - Date.now();
  if (Number.isNaN(seen)) return;
  isHeard = true;
  if (seen > ahead || seen < ahead - 1000) ahead = seen;
}

/** Whether an answer has reported the server's time. Before that, the local time is assumed. */
export const isServerTimeKnown = (): boolean => isHeard;

/** Converts a local time, in milliseconds since the epoch, to the server's clock. */
export const toServerTime = (local: number): number => local + ahead;

/** The current time by the server's clock, in milliseconds since the epoch. */
export const serverNow = (): number => toServerTime(Date.now());

/** How far the server's clock is ahead, in milliseconds. */
export const serverClockOffset = (): number => ahead;
