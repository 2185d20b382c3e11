import type PQueue from "p-queue";
import type { RateLimit } from "./settings.js";
import { Turns, type Lane, type Turn } from "./turns.js";
import { waitingNotice } from "./waitingNotice.js";

/** One turnstile for all requests of a process to one API. */
export interface Gate {
  /** Resolves when the next request may be sent. Reads and writes take turns while both wait. */
  turn(lane: Lane): Promise<void>;
  /** Lets nobody through for this many milliseconds: the API said so to one, and means all. */
  hold(milliseconds: number): void;
}

/**
 * A sliding window: a burst while there is room, never more than the limit in any window.
 *
 * @param noticeAfter how many milliseconds of waiting are worth a word to the user
 */
export async function gate(limit: RateLimit | undefined, noticeAfter = 10_000): Promise<Gate> {
  const { default: Queue } = await import("p-queue");
  const window =
    limit === undefined
      ? {}
      : // A little longer than the window: requests do not travel equally fast.
        { intervalCap: limit.requests, interval: limit.perSeconds * 1000 + 50, strict: true };
  const queue: PQueue<Turns, Turn> = new Queue<Turns, Turn>({ ...window, queueClass: Turns });
  const waiting = waitingNotice(noticeAfter);
  let heldUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  return {
    async turn(lane) {
      waiting.asked();
      await queue.add(() => waiting.sent(), { lane });
    },
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
