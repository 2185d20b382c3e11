/** How far the server's clock is ahead of ours, in milliseconds, as its answers tell. */
let ahead = 0;
let isHeard = false;

/** Learns from an answer's `Date` header, which is cut to the second: so of answers that agree the highest is the nearest. */
export function learnServerTime(date: string | undefined): void {
  const seen = Date.parse(date ?? "") - Date.now();
  if (Number.isNaN(seen)) return;
  isHeard = true;
  if (seen > ahead || seen < ahead - 1000) ahead = seen;
}

/** Whether an answer has told the server's time. Before that, it is assumed to be ours. */
export const isServerTimeKnown = (): boolean => isHeard;

/** A local time, in milliseconds since the epoch, by the server's clock. */
export const toServerTime = (local: number): number => local + ahead;

/** The present time by the server's clock, in milliseconds since the epoch. */
export const serverNow = (): number => toServerTime(Date.now());

/** How far the server's clock is ahead, in milliseconds. */
export const serverClockOffset = (): number => ahead;
