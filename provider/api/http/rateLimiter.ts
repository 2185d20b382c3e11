import { setTimeout as pass } from "node:timers/promises";
import type PQueue from "p-queue";
import type { RateLimit } from "./settings.js";
import { FairQueue, type Lane, type QueuedRequest } from "./fairQueue.js";
import { waitingNotice } from "./waitingNotice.js";

/** One rate limiter for all requests of a process to one API. */
export interface RateLimiter {
  /**
   * Resolves when the next request may be sent. Alternates between reads and writes while both wait.
   *
   * @param signal removes the request from the queue when aborted, so that it doesn't use up a turn
   * @returns a function to call once the request has been sent or has failed before; until then its time of arrival is
   *   unknown, so it keeps its place
   */
  turn(lane: Lane, signal?: AbortSignal): Promise<() => void>;
  /** Sends nothing for this many milliseconds. The API refuses one request with 429, but the limit applies to all. */
  hold(milliseconds: number): void;
}

/** Requests do not travel equally fast. One may overtake another by this many milliseconds. */
const overtaking = 50;

/**
 * Limits requests in a sliding window. Allows a burst while there is room. As the API sees them arrive, requests never
 * exceed the limit in any window.
 *
 * @param noticeAfter milliseconds of waiting before a notice to the user
 */
export async function createRateLimiter(
  limit: RateLimit | undefined,
  noticeAfter = 10_000,
): Promise<RateLimiter> {
  const { default: Queue } = await import("p-queue");
  // A request keeps its place for the length of the window after it was sent.
  const queue: PQueue<FairQueue, QueuedRequest> = new Queue<FairQueue, QueuedRequest>({
    concurrency: limit?.requests ?? Infinity,
    queueClass: FairQueue,
  });
  const waiting = waitingNotice(noticeAfter);
  let heldUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  return {
    turn: (lane, signal) =>
      new Promise((resolve, reject) => {
        waiting.asked();
        let isThrough = false;
        const goThrough = async (): Promise<void> => {
          isThrough = true;
          waiting.sent();
          await new Promise<void>((left) => resolve(left));
          if (limit !== undefined)
            await pass(limit.perSeconds * 1000 + overtaking, undefined, { ref: false });
        };
        const line = queue.add(goThrough, signal === undefined ? { lane } : { lane, signal });
        line.catch(() => isThrough || waiting.gaveUp());
        line.catch(reject);
      }),
    hold(milliseconds) {
      const until = Date.now() + milliseconds;
      if (until <= heldUntil) return;
      heldUntil = until;
      queue.pause();
      clearTimeout(timer);
      timer = setTimeout(() => queue.start(), milliseconds).unref();
    },
  };
}
