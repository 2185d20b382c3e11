import { notice } from "../text/notice.js";

/** Counts requests, and says now and then how far they are when much time goes by in waiting. */
export interface WaitingNotice {
  /** A request waits from now on. */
  asked(): void;
  /** One goes out. */
  sent(): void;
  /** One waits no longer, and is not sent. */
  gaveUp(): void;
}

/** @param after how many milliseconds of waiting, short waits added up, are worth a word; and the next one after as many more */
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
