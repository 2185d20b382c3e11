import type { RetryObject } from "got";
import { isHopeless } from "./connectionErrors.js";
import { DeadlineError, LoginError, pathOf } from "./errors.js";
import type { Login } from "./login.js";
import { isRecentlyCreated } from "./recentlyCreated.js";
import { retryAfter } from "./retryAfter.js";
import type { Settings } from "./settings.js";

const transient = new Set([500, 502, 503, 504]);
const isRepeatable = (method: string): boolean => method !== "POST";

/**
 * Decides whether a failed request is sent again.
 *
 * @param holdAll called with the milliseconds that the API asks all requests to wait
 * @returns a function that gives the milliseconds until the next try; 0 if there is none
 */
export const retryDelays =
  (
    { retryDelay }: Pick<Settings, "retryDelay">,
    session: Login,
    holdAll: (milliseconds: number) => void,
  ): ((retry: RetryObject) => number) =>
  ({ error, attemptCount }) => {
    // The login retries by itself.
    if (error.cause instanceof LoginError || error.cause instanceof DeadlineError) return 0;
    const { method, context, headers, url, prefixUrl } = error.options;
    if (Date.now() >= Number(context.endsAt)) {
      context.isOutOfTime = true;
      return 0;
    }
    const status = error.response?.statusCode;
    const backoff = Math.min(retryDelay * 2 ** (attemptCount - 1), 30_000) * (0.75 + Math.random() / 2);
    const asked = retryAfter(error.response?.headers["retry-after"]);
    if (status === undefined) context.lastFailure = error.message;
    const inTime = (delay: number): number => {
      context.isOutOfTime = Date.now() + delay > Number(context.endsAt);
      return context.isOutOfTime === true ? 0 : delay;
    };

    if (status === 429) {
      // A `Retry-After` that is missing or already over says nothing.
      const wait = Math.max(asked || backoff, Math.min(backoff, 100));
      holdAll(wait);
      // Spread the retries of requests that were refused at the same time.
      return inTime(wait + (Math.random() * retryDelay) / 4);
    }
    if (status === 401) {
      if (context.isRenewed === true) return 0;
      context.isRenewed = true;
      session.renew(String(headers.authorization));
      return 1;
    }
    if (status === 404 && isRecentlyCreated(pathOf(url, prefixUrl))) return inTime(Math.min(backoff, 2000));
    // The request may depend on an account that the API has not propagated everywhere yet.
    if ((status === 404 || status === 400) && isRecentlyCreated(String(context.dependsOn)))
      return inTime(Math.min(backoff, 2000));
    // A success status that reaches this point did not come from the API. A retry does not change a redirect.
    const mayHelp = status === undefined ? !isHopeless(error.code) : status < 300 || transient.has(status);
    if (!mayHelp || !isRepeatable(method) || attemptCount > 5) return 0;
    return inTime(Math.max(asked ?? 0, backoff));
  };
