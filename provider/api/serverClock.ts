/** How far the server's clock is ahead of ours, in milliseconds, as its last answer told; to the second, as its header is. */
let ahead = 0;

/** Learns from an answer's `Date` header. */
export function observe(date: string | undefined): void {
  const time = Date.parse(date ?? "");
  if (!Number.isNaN(time)) ahead = time - Date.now();
}

/** A local time, in milliseconds since the epoch, by the server's clock. */
export const toServerTime = (local: number): number => local + ahead;

/** How far the server's clock is ahead, in milliseconds. */
export const aheadOfUs = (): number => ahead;
