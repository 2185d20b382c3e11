export interface RateLimit {
  /** How many requests may arrive at once, … */
  requests: number;
  /** … and how many seconds it takes until as many more may. */
  perSeconds: number;
}

/** Token buckets. Uses the real time, not the emulator's clock, because clients wait in real time. */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(private readonly limit: RateLimit) {}

  /** Takes a token from a bucket. @returns 0, or the seconds to wait if the bucket is empty */
  take(bucket: string): number {
    const { requests, perSeconds } = this.limit;
    const perMs = requests / (perSeconds * 1000);
    const now = performance.now();
    const { tokens, atMs } = this.#buckets.get(bucket) ?? { tokens: requests, atMs: now };
    const available = Math.min(requests, tokens + (now - atMs) * perMs);
    const passes = available >= 1;
    this.#buckets.set(bucket, { tokens: passes ? available - 1 : available, atMs: now });
    return passes ? 0 : (1 - available) / perMs / 1000;
  }
}
