import { setTimeout as pass } from "node:timers/promises";
import type PQueue from "p-queue";
import type { RateLimit } from "./settings.js";
import { FairQueue, type Lane, type QueuedRequest } from "./fairQueue.js";
import { waitingNotice } from "./waitingNotice.js";

/** One turnstile for all requests of a process to one API. */
export interface RateLimiter {
  /**
   * Resolves when the next request may be sent. Reads and writes take turns while both wait.
   *
   * @param signal who stops waiting leaves the line: nobody's turn is lost on them
   * @returns to be called once the request is on its way, or has failed before: until then nobody knows when it will arrive, and
   *   its place is taken
   */
  turn(lane: Lane, signal?: AbortSignal): Promise<() => void>;
  /** Lets nobody through for this many milliseconds: the API said so to one, and means all. */
  hold(milliseconds: number): void;
}

/** Requests do not travel equally fast: so many milliseconds may one overtake another. */
const overtaking = 50;

/**
 * A sliding window: a burst while there is room, never more than the limit in any window, as the API sees them arrive.
 *
 * @param noticeAfter how many milliseconds of waiting are worth a word to the user
 */
export async function createRateLimiter(
  limit: RateLimit | undefined,
  noticeAfter = 10_000,
): Promise<RateLimiter> {
  const { default: Queue } = await import("p-queue");
  // Each keeps its place for the length of the window after it left.
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
