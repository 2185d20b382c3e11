import { notice } from "../text/notice.js";

/** Counts requests. Prints their progress from time to time while they wait long. */
export interface WaitingNotice {
  /** Notes that a request waits. */
  asked(): void;
  /** Notes that a request is sent. */
  sent(): void;
  /** Notes that a request no longer waits and is not sent. */
  gaveUp(): void;
}

/** @param after milliseconds of waiting until the first notice, and until each further one; short waits add up */
export function waitingNotice(after: number): WaitingNotice {
  let asked = 0;
  let sent = 0;
  let waited = 0;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;

  const say = (): void => {
    notice(`waiting for the rate limit: ${sent} of ${asked} requests sent`);
    waited = 0;
    since = performance.now();
    start();
  };
  const start = (): void => {
    timer = setTimeout(say, after - waited).unref();
  };
  const pauseIfDone = (): void => {
    if (sent < asked || timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    waited += performance.now() - since;
  };

  return {
    asked() {
      asked++;
      if (timer !== undefined) return;
      since = performance.now();
      start();
    },
    sent() {
      sent++;
      pauseIfDone();
    },
    gaveUp() {
      asked--;
      pauseIfDone();
    },
  };
}
