export interface RateLimit {
  /** How many requests pass at once… */
  requests: number;
  /** …and in how many seconds as many more do. */
  perSeconds: number;
}

/** Token buckets, in real time: clients wait in it. */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(private readonly limit: RateLimit) {}

  /** Takes one request from a bucket; the seconds to wait where it is empty, 0 where it passed. */
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
