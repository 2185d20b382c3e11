import type PQueue from "p-queue";
import type { RateLimit } from "./settings.js";

/** One turnstile for all requests of a process to one API. */
export interface Gate {
  /** Resolves when the next request may be sent; higher priority goes first. */
  turn(priority?: number): Promise<void>;
  /** Lets nobody through for this many milliseconds: the API said so to one, and means all. */
  hold(milliseconds: number): void;
}

/** A sliding window: bursts while there is room, never more than the limit in any window. */
export async function gate(limit: RateLimit | undefined): Promise<Gate> {
  const { default: Queue } = await import("p-queue");
  const queue: PQueue = new Queue(
    limit === undefined
      ? {}
      : // A little longer than the window: requests do not travel equally fast.
        { intervalCap: limit.requests, interval: limit.perSeconds * 1000 + 50, strict: true },
  );
  let heldUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  return {
    turn: (priority = 0) => queue.add(() => undefined, { priority }),
    hold(milliseconds) {
      const until = Date.now() + milliseconds;
      if (until <= heldUntil) return;
      heldUntil = until;
      queue.pause();
      clearTimeout(timer);
      timer = setTimeout(() => queue.start(), milliseconds);
    },
  };
}
