import { authenticate } from "../auth/authentication";
import type { Caller } from "../auth/permissions";
import { TokenError, verifyTokenRequest } from "../auth/tokenEndpoint";
import { ApiError } from "../cloud/apiError";
import type { CloudState } from "../cloud/cloudState";
import { decodeUtf8 } from "../http/body";
import { errorReply, tokenErrorBody } from "../http/errorReply";
import type { Reply } from "../http/reply";
import { matchRoute } from "../http/routing";
import type { Unknowns } from "../unknowns/unknowns";
import { Call } from "./call";
import type { Outcome } from "./outcome";
import { routes } from "./routes";

/** A parsed and authenticated request. `commit` makes the change and returns the answer. */
export interface PreparedCall {
  caller: Caller | undefined;
  commit: () => Reply;
}

interface Request {
  method: string;
  /** The path below `/v2/`. */
  path: string;
  query: URLSearchParams;
  body: Buffer;
  authorization?: string | undefined;
}

/** Prepares a call of the API below `/v2/`. */
export function prepareCall(cloud: CloudState, request: Request): PreparedCall {
  let caller: Caller | undefined;
  try {
    caller = authenticate(request.authorization, cloud);
    const handle = prepareHandler(cloud, request, caller);
    return { caller, commit: () => runHandler(handle, cloud) };
  } catch (error) {
    return { caller, commit: () => apiErrorReply(error, cloud) };
  }
}

function prepareHandler(
  cloud: CloudState,
  { method, path, query, body }: Request,
  caller: Caller,
): () => Outcome {
  const { unknowns } = cloud;
  const decodedPath = unknowns.encodedColon === "verb" ? path.replace(/%3A(?=[a-z]+$)/i, ":") : path;
  const enabled = routes.filter(({ disabledStatus }) => disabledStatus(unknowns) !== 405);
  const match = matchRoute(enabled, method, decodedPath);
  if (match.kind === "none") throw new ApiError(404, "not found");
  if (match.kind === "otherMethod") throw methodNotAllowed(match.methods);
  const status = match.route.disabledStatus(unknowns);
  if (status !== undefined) throw new ApiError(status, "this call is not supported");
  const hasBody = method === "POST" || method === "PATCH";
  const call = new Call(
    match.params,
    normalizeQuery(query, unknowns),
    hasBody ? parseJson(body) : undefined,
    caller,
    cloud,
  );
  return () => match.route.handle(call);
}

/** Prepares a request to the token endpoint. */
export function prepareTokenRequest(
  cloud: CloudState,
  request: Parameters<typeof verifyTokenRequest>[0],
): () => Reply {
  try {
    const issueToken = verifyTokenRequest(request, cloud);
    return () => ({ status: 200, body: issueToken(), headers: { "Cache-Control": "no-store" } });
  } catch (error) {
    if (!(error instanceof TokenError)) return () => apiErrorReply(error, cloud);
    return () => ({ status: 400, body: tokenErrorBody(error.code, error.message, cloud.unknowns) });
  }
}

/** Runs a handler, and undoes its changes if it throws. */
function runHandler(handle: () => Outcome, cloud: CloudState): Reply {
  try {
    return outcomeReply(cloud.undoLog.transaction(handle), cloud);
  } catch (error) {
    return apiErrorReply(error, cloud);
  }
}

function outcomeReply(outcome: Outcome, cloud: CloudState): Reply {
  const { createdStatus, successWithoutBody } = cloud.unknowns;
  if (outcome.kind === "partial") return apiErrorReply(outcome.error, cloud);
  const { kind, body } = outcome;
  if (kind === "created") return { status: createdStatus, body };
  if (kind === "ok" || successWithoutBody === "{}") return { status: 200, body };
  return { status: successWithoutBody === "204" ? 204 : 200, body: undefined };
}

/** The answer to an {@link ApiError}. Throws any other error again. */
export function apiErrorReply(error: unknown, cloud: CloudState): Reply {
  if (!(error instanceof ApiError)) throw error;
  const { status, message, headers } = error;
  if (status !== 405) return errorReply(status, cloud.unknowns, message, headers);
  const { methodNotAllowed, methodNotAllowedBody } = cloud.unknowns;
  const reply = errorReply(methodNotAllowed, cloud.unknowns, message, headers);
  return methodNotAllowedBody === "json" ? reply : { ...reply, body: undefined };
}

/** The error for a wrong method. `Allow` lists the methods of the path (RFC 9110, section 15.5.6). */
export const methodNotAllowed = (methods: string[]): ApiError =>
  new ApiError(405, "method not allowed", { Allow: methods.join(", ") });

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(decodeUtf8(body));
  } catch {
    throw new ApiError(400, "the body is not JSON");
  }
}

/** Renames query parameters to camelCase and removes repeated ones, as the unknowns say. @throws {ApiError} 400 */
function normalizeQuery(
  query: URLSearchParams,
  { queryNames, queryParameterTwice }: Unknowns,
): URLSearchParams {
  const camelCase = (name: string): string =>
    queryNames === "camelCase"
      ? name
      : name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  const read = new URLSearchParams();
  for (const [name, value] of query) {
    const known = camelCase(name);
    if (!read.has(known) || queryParameterTwice === "last") read.set(known, value);
    else if (queryParameterTwice === "400")
      throw new ApiError(400, `the query parameter ${known} is repeated`);
  }
  return read;
}
