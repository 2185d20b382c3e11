import { setTimeout } from "node:timers/promises";
import type { NormalizedOptions } from "got";
import { isCancelled, onCancel, whyCancelled } from "./cancellation.js";
import { currentOperation } from "./deadline.js";
import { DeadlineError, outOfTime, pathOf } from "./errors.js";
import type { Hold } from "./hold.js";
import type { Login } from "./login.js";
import type { RateLimiter } from "./rateLimiter.js";
import type { Settings } from "./settings.js";

/** A place in the rate limit's window. */
export interface Place {
  /** Called when the request of this place is on its way. */
  leave: () => void;
}

/**
 * Waits for the login and for a turn, but not longer than the operation may take, and not after the user has cancelled
 * the run.
 *
 * @returns a function to call before each request. It throws a DeadlineError if the request must not be sent
 */
export function readiness(
  settings: Settings,
  session: Login,
  turnstile: RateLimiter,
  hold: Hold,
): (options: NormalizedOptions) => Promise<void> {
  return async (options) => {
    const { method, context, headers } = options;
    if (isCancelled()) throw notSent(options, "not sent", whyCancelled);
    const total = currentOperation()?.deadline ?? settings.deadline;
    // A write that is cut off may still have been carried out, so leave time for its answer.
    const endsAt = Number(context.endsAt) - (method === "GET" ? 0 : Math.min(total / 10, 5000));
    const stop = new AbortController();
    const giveUp = new AbortController();
    const progress = { isLoggedIn: false, since: Date.now() };
    const getReady = async (): Promise<void> => {
      // Log in first: a request that has its turn must not wait for anything else.
      await session.authorization();
      progress.isLoggedIn = true;
      const leave = await turnstile.turn(method === "GET" ? "read" : "write", giveUp.signal);
      // The request may have given up at this very moment.
      if (giveUp.signal.aborted) leave();
      else (context.place as Place).leave = leave;
      headers.authorization = await session.authorization();
    };
    const ready = getReady();
    const timeLeft = Math.max(endsAt - Date.now(), 0);
    const isTooLate = setTimeout(timeLeft, true, { signal: stop.signal }).catch(() => false);
    const stops: (() => void)[] = [];
    const isBeyond = new Promise<true>((resolve) => {
      const look = (): void => {
        if (hold.until > endsAt || isCancelled()) resolve(true);
      };
      stops.push(hold.onExtend(look), onCancel(look));
      look();
    });
    try {
      const isOver = (await Promise.race([isBeyond, ready, isTooLate])) === true;
      // If all answers come immediately, the timer never fires, so check the time as well.
      if (!isOver && !isCancelled() && Date.now() < endsAt) return;
    } finally {
      for (const end of stops) end();
      stop.abort();
    }
    ready.catch(() => undefined);
    giveUp.abort();
    if (isCancelled()) throw notSent(options, "not sent", whyCancelled);
    throw notSent(
      options,
      `not sent within ${outOfTime(settings)}`,
      adviceOn({ ...progress, timeLeft, lastFailure: context.lastFailure }),
    );
  };

  function adviceOn({
    isLoggedIn,
    since,
    timeLeft,
    lastFailure,
  }: {
    readonly isLoggedIn: boolean;
    /** When the request began to wait, in milliseconds since the epoch. */
    readonly since: number;
    readonly timeLeft: number;
    readonly lastFailure: unknown;
  }): string {
    // The API may refuse other requests at this moment, and so ask for more time.
    if (hold.until > since)
      return `the API asks to wait until ${new Date(hold.until).toISOString()}: lower DT_RATE_LIMIT (or dt:rateLimit), or run again later`;
    if (!isLoggedIn)
      return `the login was not answered by then${why(session.lastFailure())}: check the network, and ${settings.from.tokenEndpoint}`;
    const knob = currentOperation()?.knob ?? "the deadline";
    return timeLeft === 0
      ? `all of its time went by before${why(lastFailure)}: raise ${knob}`
      : `too many requests wait for the rate limit${why(lastFailure)}: raise ${knob}, or lower --parallel`;
  }
}

const notSent = ({ method, url, prefixUrl }: NormalizedOptions, reason: string, advice: string) =>
  new DeadlineError({ method, path: pathOf(url, prefixUrl), reason }, advice);

/** The last network failure, for a message about a deadline. */
const why = (failure: unknown): string => (typeof failure === "string" ? ` (${failure})` : "");
