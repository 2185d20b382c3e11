import { setTimeout } from "node:timers/promises";
import { isCancelled, onCancel, pause, whyCancelled } from "./cancellation.js";
import type { CancelableRequest, Got, NormalizedOptions, Response, RetryObject } from "got";
import * as v from "valibot";
import { routeTo } from "./route.js";
import { isHopeless } from "./connectionErrors.js";
import { ApiError, DeadlineError, LoginError, outOfTime, pathOf, readReason, toApiError } from "./errors.js";
import { createRateLimiter } from "./rateLimiter.js";
import { login, type Login } from "./login.js";
import { isRecentlyCreated, noteFound } from "./recentlyCreated.js";
import { currentOperation } from "./deadline.js";
import { retryAfter } from "./retryAfter.js";
import { learnServerTime } from "./serverClock.js";
import { identityOf, type Settings } from "./settings.js";

/** The API client: got with a base URL, a login, a rate limit and error translation. Call sites contain the path. */
export type Api = Got;

const transient = new Set([500, 502, 503, 504]);
const isRepeatable = (method: string): boolean => method !== "POST";

/** Builds the client. Loads large modules such as got only now, so that a provider without requests starts fast. */
export async function connect(settings: Settings, session: Login = login(settings)): Promise<Api> {
  const [{ default: got }, turnstile, route] = await Promise.all([
    import("got"),
    createRateLimiter(settings.rateLimit),
    routeTo(settings.connectTo),
  ]);
  let heldUntil = 0;
  /** Called when `heldUntil` changes. */
  const waiting = new Set<() => void>();
  onCancel(() => {
    for (const look of waiting) look();
  });

  /** Waits by itself, because got does not stop waiting when the user cancels the run. */
  async function waitForRetry(retry: RetryObject): Promise<number> {
    const delay = retryDelay(retry);
    if (delay === 0) return 0;
    // The next try is refused if the run was cancelled.
    await pause(delay).catch(() => undefined);
    return 1;
  }

  function retryDelay({ error, attemptCount }: RetryObject): number {
    // The login retries by itself.
    if (error.cause instanceof LoginError || error.cause instanceof DeadlineError) return 0;
    const { method, context, headers, url, prefixUrl } = error.options;
    if (Date.now() >= Number(context.endsAt)) {
      context.isOutOfTime = true;
      return 0;
    }
    const status = error.response?.statusCode;
    const backoff =
      Math.min(settings.retryDelay * 2 ** (attemptCount - 1), 30_000) * (0.75 + Math.random() / 2);
    const asked = retryAfter(error.response?.headers["retry-after"]);
    if (status === undefined) context.lastFailure = error.message;
    const inTime = (delay: number): number => {
      context.isOutOfTime = Date.now() + delay > Number(context.endsAt);
      return context.isOutOfTime === true ? 0 : delay;
    };

    if (status === 429) {
      // A `Retry-After` that is missing or already over says nothing.
      const wait = Math.max(asked || backoff, Math.min(backoff, 100));
      heldUntil = Math.max(heldUntil, Date.now() + wait);
      turnstile.hold(wait);
      for (const look of waiting) look();
      // Spread the retries of requests that were refused at the same time.
      return inTime(wait + (Math.random() * settings.retryDelay) / 4);
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
  }

  /** Waits for the login and for a turn, but not longer than the operation may take. */
  async function readyInTime({ method, url, prefixUrl, context, headers }: NormalizedOptions): Promise<void> {
    const total = currentOperation()?.deadline ?? settings.deadline;
    // A write that is cut off may still have been carried out, so leave time for its answer.
    const endsAt = Number(context.endsAt) - (method === "GET" ? 0 : Math.min(total / 10, 5000));
    const stop = new AbortController();
    const giveUp = new AbortController();
    const progress = { isLoggedIn: false };
    const getReady = async (): Promise<void> => {
      // Log in first: a request that has its turn must not wait for anything else.
      await session.authorization();
      progress.isLoggedIn = true;
      const place = context.place as Place;
      place.leave = await turnstile.turn(method === "GET" ? "read" : "write", giveUp.signal);
      headers.authorization = await session.authorization();
    };
    const ready = getReady();
    const timeLeft = Math.max(endsAt - Date.now(), 0);
    const isTooLate = setTimeout(timeLeft, true, { signal: stop.signal }).catch(() => false);
    let look = (): void => undefined;
    const isBeyond = new Promise<true>((resolve) => {
      look = () => (heldUntil > endsAt || isCancelled()) && resolve(true);
      waiting.add(look);
      look();
    });
    try {
      const isOver = (await Promise.race([isBeyond, ready, isTooLate])) === true;
      // If all answers come immediately, the timer never fires, so check the time as well.
      if (!isOver && Date.now() < endsAt) return;
    } finally {
      waiting.delete(look);
      stop.abort();
    }
    ready.catch(() => undefined);
    giveUp.abort();
    if (isCancelled())
      throw new DeadlineError({ method, path: pathOf(url, prefixUrl), reason: "not sent" }, whyCancelled);
    throw new DeadlineError(
      { method, path: pathOf(url, prefixUrl), reason: `not sent within ${outOfTime(settings)}` },
      heldUntil > Date.now()
        ? `the API asks to wait until ${new Date(heldUntil).toISOString()}: lower DT_RATE_LIMIT (or dt:rateLimit), or run again later`
        : progress.isLoggedIn && timeLeft === 0
          ? `all of its time went by before${why(context.lastFailure)}: raise the deadline`
          : progress.isLoggedIn
            ? `too many requests wait for the rate limit${why(context.lastFailure)}: raise the deadline, or lower --parallel`
            : `the login was not answered by then${why(session.lastFailure())}: check the network, and ${settings.from.tokenEndpoint}`,
    );
  }

  const rejectForeignAnswer = foreignAnswerRejector(settings);
  return got.extend({
    prefixUrl: settings.connectTo,
    headers: { accept: "application/json", "user-agent": "pulumi-dt" },
    followRedirect: false,
    agent: route.agent,
    timeout: { request: settings.requestTimeout },
    retry: { limit: 100, calculateDelay: waitForRetry },
    context: { identity: identityOf(settings), retryDelay: settings.retryDelay },
    handlers: [
      (options, next) => {
        options.context.endsAt = currentOperation()?.endsAt ?? Date.now() + settings.deadline;
        const place: Place = { leave: () => undefined };
        options.context.place = place;
        const answer = next(options);
        leaveWhenSent(answer as CancelableRequest, place);
        return answer;
      },
    ],
    hooks: {
      beforeRequest: [
        async (options) => {
          await readyInTime(options);
          const timeLeft = Math.max(Number(options.context.endsAt) - Date.now(), 1);
          options.timeout = { request: Math.min(settings.requestTimeout, timeLeft) };
          (options.context.onSend as (() => void) | undefined)?.();
        },
      ],
      afterResponse: [
        (response) => {
          learnServerTime(response.headers.date);
          return rejectForeignAnswer(response);
        },
      ],
      beforeError: [(error) => toApiError(error, settings, route.proxy) as never],
    },
  });
}

/** The last network failure, for a message about a deadline. */
const why = (failure: unknown): string => (typeof failure === "string" ? ` (${failure})` : "");

/** A place in the rate limit's window. */
interface Place {
  /** Called when the request of this place is on its way. */
  leave: () => void;
}

/** Each attempt has its own place until the request is sent. That is soon: at most, it opens a connection first. */
function leaveWhenSent(answer: CancelableRequest, place: Place): void {
  void answer.on("request", (request) => {
    const { leave } = place;
    request.once("finish", leave).once("close", leave);
  });
  const leave = (): void => place.leave();
  void answer.then(leave, leave);
}

/** Rejects a success that is neither empty nor JSON. It is the page of some proxy and proves nothing. */
const foreignAnswerRejector =
  ({ from }: Settings) =>
  (response: Response): Response => {
    const { statusCode: status } = response;
    const body = String(response.body).trim();
    const isFromApi = status < 300 ? readReason(body).isApiAnswer : status >= 400;
    if (isFromApi) {
      const { method, path } = callOf(response);
      if (method === "GET" && status < 300) noteFound(path);
      return response;
    }
    throw new ApiError(
      { ...callOf(response), status, reason: "not an answer from the API" },
      `check ${from.apiUrl}, and any proxy in between`,
    );
  };

const callOf = ({ request: { options } }: Response) => ({
  method: options.method,
  path: pathOf(options.url, options.prefixUrl),
});

/** The body and the mask of a PATCH. The API once required the mask. Now it accepts a PATCH with or without one. */
export const patchOf = (changes: Record<string, unknown>) => ({
  json: changes,
  searchParams: { update_mask: Object.keys(changes).join(",") },
});

/** Parses an answer's body by a schema. Any other body throws an `ApiError` that names the wrong field. */
export function parseAs<const S extends v.GenericSchema>(
  schema: S,
): (response: Response<string>) => v.InferOutput<S> {
  return (response) => {
    const body: unknown = response.body.trim() === "" ? undefined : JSON.parse(response.body);
    const result = v.safeParse(schema, body);
    if (result.success) return result.output;
    const [issue] = result.issues;
    const field = v.getDotPath(issue) ?? "the body";
    // Name only the field: its value may be a secret.
    throw new ApiError({
      ...callOf(response),
      status: response.statusCode,
      reason: `malformed answer: ${field} is ${issue.received === "undefined" ? "missing" : `not ${issue.expected ?? "valid"}`}`,
      isApiAnswer: true,
    });
  };
}

/** Like {@link parseAs}, for an answer about one object. An answer about another object would look like drift. */
export function parseAsNamed<const S extends v.GenericSchema<unknown, { name: string }>>(
  name: string,
  schema: S,
): (response: Response<string>) => v.InferOutput<S> {
  const read = parseAs(schema);
  return (response) => {
    const body = read(response);
    if (body.name === name) return body;
    throw new ApiError({
      ...callOf(response),
      status: response.statusCode,
      reason: "malformed answer: it describes another resource",
      isApiAnswer: true,
    });
  };
}
