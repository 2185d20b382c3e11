import type { RequestError } from "got";
import { parseJson } from "../text/json.js";
import { oneLine, printable } from "../text/foreignText.js";
import { redact } from "../text/redact.js";
import { connectionAdvice, isHopeless } from "./connectionErrors.js";
import { currentOperation } from "./deadline.js";
import { missingPermission } from "./permissions.js";
import { identityOf, type Settings } from "./settings.js";
import { staleCredentials } from "./staleCredentials.js";

export interface ApiErrorDetails {
  /** HTTP status. Undefined if there was no answer. */
  readonly status?: number | undefined;
  /** Node's code of a network failure, such as `ECONNRESET`. */
  readonly networkCode?: string | undefined;
  readonly method: string;
  /** The requested resource name, without base URL and query. */
  readonly path: string;
  /** What the API or the network reported. */
  readonly reason: string;
  /** Whether the body was JSON or empty, like the API's own answers. Otherwise it is the page of some proxy. */
  readonly isApiAnswer?: boolean;
}

/**
 * The only error that the client throws. Its message names the call, what the API said, and which setting to change. It
 * never contains a credential.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number | undefined;
  readonly networkCode: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly reason: string;
  readonly isApiAnswer: boolean;

  constructor(details: ApiErrorDetails, advice?: string) {
    const outcome = details.status ?? details.networkCode;
    const said = `${details.method} ${details.path}: ${outcome === undefined ? "" : `${outcome} `}${details.reason}`;
    super(oneLine(redact(advice === undefined ? said : `${said}; ${advice}`), 4000));
    this.status = details.status;
    this.networkCode = details.networkCode;
    this.method = details.method;
    this.path = details.path;
    this.reason = printable(details.reason);
    this.isApiAnswer = details.isApiAnswer ?? false;
  }

  /** Whether the call may still have been carried out: the answer was lost or cut, or did not come from the API. */
  get isAmbiguous(): boolean {
    if (this.status === undefined)
      return !neverSent.has(this.networkCode ?? "") && !isHopeless(this.networkCode);
    return !refusals.has(this.status);
  }
}

/**
 * Statuses that mean that the call was not carried out (RFC 9110, RFC 6585). Any other status proves nothing. That
 * includes 408 and undefined statuses.
 */
const refusals = new Set([
  400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 422, 428, 429, 431, 451,
]);

/** The login failed, so the call that needed it was never sent. */
export class LoginError extends ApiError {
  override get isAmbiguous(): boolean {
    return false;
  }
  /** Whether the server refused the credentials. Otherwise the server was only unavailable. */
  get isRefusal(): boolean {
    return this.status !== undefined && this.status >= 400 && this.status < 404;
  }
}

/** An operation had no time left, so its last call was never sent. */
export class DeadlineError extends ApiError {
  override get isAmbiguous(): boolean {
    return false;
  }
}

const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ERR_INVALID_URL",
]);

export const hasStatus = (error: unknown, status: number): error is ApiError =>
  error instanceof ApiError && error.status === status;
/** Whether an error is a 404. It may also mean a lost permission: see `find`. */
export const isNotFound = (error: unknown): error is ApiError => hasStatus(error, 404);
const isConflict = (error: unknown): error is ApiError => hasStatus(error, 409);
/** Whether adding an object may have failed because the object exists: 409 says so, and 400 may mean it. */
export const mayExist = (error: unknown): error is ApiError => isConflict(error) || hasStatus(error, 400);
export const isAmbiguous = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.isAmbiguous;

/**
 * Turns an error from got into an `ApiError`. Returns errors of the login or of a body check unchanged.
 *
 * @param proxy the variable that names the proxy, if there is one
 */
export function toApiError(error: RequestError, settings: Settings, proxy?: string): ApiError {
  if (error instanceof ApiError) return error;
  if (error.cause instanceof ApiError) return error.cause;
  const { method } = error.options;
  const path = pathOf(error.options.url, error.options.prefixUrl);
  const status = error.response?.statusCode;
  const gaveUp =
    error.options.context.isOutOfTime === true ? `gave up after ${outOfTime(settings)}` : undefined;
  if (status === undefined) {
    const details = { method, path, networkCode: error.code, reason: error.message };
    return new ApiError(
      details,
      [connectionAdvice(error.code, settings.from.apiUrl, proxy), gaveUp].filter(Boolean).join("; "),
    );
  }
  const body = error.response?.body;
  const { reason, isApiAnswer } = readReason(body);
  const details = {
    method,
    path,
    status,
    reason: reason || (error.response?.statusMessage ?? ""),
    isApiAnswer,
  };
  const identity = identityOf(settings);
  if (status === 401) {
    const refused = `the API refuses the credentials of ${identity}: ${advice.credentials(settings)}`;
    return new ApiError(details, [refused, staleCredentials(settings)].filter(Boolean).join("; "));
  }
  if (status === 407) return new ApiError(details, connectionAdvice("407", settings.from.apiUrl, proxy));
  if (status === 403) return new ApiError(details, `${identity} needs ${missingPermission(method, path)}`);
  if (status === 429)
    return new ApiError(
      details,
      `the rate limit is exhausted for longer than ${outOfTime(settings)}: ${advice.rateLimit}`,
    );
  if (status === 404 && isApiAnswer) {
    // A state names this object, but these credentials can't see it. They may belong to another account.
    const isInState = method === "PATCH" || path.endsWith("/keys");
    const further = isInState ? "; check the credentials, or run `pulumi refresh`" : "";
    return new ApiError(details, [notSeen(identity) + further, gaveUp].filter(Boolean).join("; "));
  }
  return new ApiError(details, gaveUp);
}

/** What a 404 means and what to do. */
export const notSeen = (identity: string): string =>
  `either it does not exist, or ${identity} can't see it; \`pulumi-dt whoami\` lists what these credentials can see`;

/** The time that an operation may take, as text that names the setting. */
export function outOfTime({ deadline, from }: Settings): string {
  const operation = currentOperation();
  return `${(operation?.deadline ?? deadline) / 1000} s (${operation?.knob ?? from.deadline})`;
}

const advice = {
  credentials: ({ from }: Settings) => `check ${from.login}`,
  rateLimit: "lower DT_RATE_LIMIT (or dt:rateLimit), or run again later",
} as const;

/** The resource name in a URL: its path below the API's base. */
export function pathOf(url: string | URL | undefined, base: string | URL): string {
  if (url === undefined) return "";
  const path = new URL(url).pathname;
  const prefix = base === "" ? "/v2/" : new URL(base).pathname;
  const name = path.startsWith(prefix) ? path.slice(prefix.length) : path;
  return decoded(name).replace(/^\//, "");
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path; // not a valid encoding: an id may contain any text
  }
}

/**
 * Summarizes an error body in one short line. Accepts the API's `{error, code, help}`, RFC 6749's form, and any other
 * body.
 */
export function readReason(body: unknown): { reason: string; isApiAnswer: boolean } {
  const parsed = typeof body === "string" ? parseJson(body) : body;
  // Some of the API's own errors have an empty body.
  if (body === undefined || body === "") return { reason: "", isApiAnswer: true };
  if (typeof parsed !== "object" || parsed === null) return { reason: "", isApiAnswer: false };
  const fields = parsed as Record<string, unknown>;
  const inner =
    typeof fields.error === "object" && fields.error !== null
      ? (fields.error as Record<string, unknown>)
      : fields;
  const parts = [inner.error, inner.error_description, inner.message].filter(
    (part) => typeof part === "string",
  );
  return { reason: printable(parts.join(": ")), isApiAnswer: true };
}
