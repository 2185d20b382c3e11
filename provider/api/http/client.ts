import { pause } from "./cancellation.js";
import type { CancelableRequest, Got, Response, RetryObject } from "got";
import * as v from "valibot";
import { routeTo } from "./route.js";
import { ApiError, pathOf, readReason, toApiError } from "./errors.js";
import { createRateLimiter } from "./rateLimiter.js";
import { login, type Login } from "./login.js";
import { noteFound } from "./recentlyCreated.js";
import { currentOperation } from "./deadline.js";
import { Hold } from "./hold.js";
import { readiness, type Place } from "./readiness.js";
import { retryDelays } from "./retryDelays.js";
import { learnServerTime } from "./serverClock.js";
import { identityOf, type Settings } from "./settings.js";

/** The API client: got with a base URL, a login, a rate limit and error translation. Call sites contain the path. */
export type Api = Got;

/** Builds the client. Loads large modules such as got only now, so that a provider without requests starts fast. */
export async function connect(settings: Settings, session: Login = login(settings)): Promise<Api> {
  const [{ default: got }, turnstile, route] = await Promise.all([
    import("got"),
    createRateLimiter(settings.rateLimit),
    routeTo(settings.connectTo),
  ]);
  const hold = new Hold();
  const delayOf = retryDelays(settings, session, (milliseconds) => {
    hold.extend(milliseconds);
    turnstile.hold(milliseconds);
  });
  const readyInTime = readiness(settings, session, turnstile, hold);

  /** Waits by itself, because got does not stop waiting when the user cancels the run. */
  async function waitForRetry(retry: RetryObject): Promise<number> {
    const delay = delayOf(retry);
    if (delay === 0) return 0;
    // The next try is refused if the run was cancelled.
    await pause(delay).catch(() => undefined);
    return 1;
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
