import { authenticate } from "./authentication";
import { Call } from "./call";
import type { Caller } from "./permissions";
import type { Reply } from "./exchange";
import { errorBody, Refusal, tokenErrorBody } from "./refusal";
import { type Answer, findRoute } from "./router";
import { routes } from "./routes";
import { GrantRefusal, verifyGrant } from "./tokenEndpoint";
import type { World } from "./world";

/** A request, read and understood as far as it can be; `commit` makes the change and gives the answer. */
export interface Prepared {
  caller: Caller | undefined;
  commit: () => Reply;
}

/** Prepares a call of the API below `/v2/`. */
export function prepareCall(
  world: World,
  request: {
    method: string;
    path: string;
    query: URLSearchParams;
    text: string;
    authorization?: string | undefined;
  },
): Prepared {
  const refused = (refusal: unknown, caller?: Caller): Prepared => ({
    caller,
    commit: () => refusalReply(refusal, world),
  });
  let caller: Caller | undefined;
  try {
    caller = authenticate(request.authorization, world);
    const found = findRoute(routes, request.method, request.path);
    if (found.kind === "otherMethod") return { caller, commit: () => methodNotAllowed(world) };
    if (found.kind === "none") throw new Refusal(404, "not found");
    const query = camelCased(request.query, world);
    const call = new Call(found.params, query, parseJson(request.text), caller, world);
    return { caller, commit: () => committed(() => found.route.handle(call), world) };
  } catch (error) {
    return refused(error, caller);
  }
}

/** Prepares a request to the token endpoint. */
export async function prepareGrant(
  world: World,
  asked: Parameters<typeof verifyGrant>[0],
): Promise<() => Reply> {
  try {
    const give = await verifyGrant(asked, world);
    return () => ({ status: 200, body: give(), headers: { "Cache-Control": "no-store" } });
  } catch (error) {
    if (!(error instanceof GrantRefusal)) throw error;
    return () => ({ status: 400, body: tokenErrorBody(error.code, error.message, world.unknowns) });
  }
}

function committed(handle: () => Answer, world: World): Reply {
  try {
    return answerReply(handle(), world);
  } catch (error) {
    return refusalReply(error, world);
  }
}

function answerReply({ outcome, body }: Answer, world: World): Reply {
  const { createdStatus, successWithoutBody } = world.unknowns;
  if (outcome === "created") return { status: createdStatus, body };
  if (outcome === "ok" || successWithoutBody === "{}") return { status: 200, body };
  return { status: successWithoutBody === "204" ? 204 : 200, body: undefined };
}

function refusalReply(error: unknown, world: World): Reply {
  if (!(error instanceof Refusal)) throw error;
  if (error.status === 405) return methodNotAllowed(world);
  return { status: error.status, body: errorBody(error.status, error.message, world.unknowns) };
}

/** The answer to a method that a path does not serve. */
export function methodNotAllowed(world: World): Reply {
  const { methodNotAllowed: status, methodNotAllowedBody } = world.unknowns;
  const body =
    methodNotAllowedBody === "json" ? errorBody(status, "method not allowed", world.unknowns) : undefined;
  return { status, body };
}

function parseJson(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
}

/** Query names in one spelling, where both are understood. */
function camelCased(query: URLSearchParams, world: World): URLSearchParams {
  if (world.unknowns.queryNames === "camelCase") return query;
  const camelCase = (name: string): string =>
    name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return new URLSearchParams([...query].map(([name, value]): [string, string] => [camelCase(name), value]));
}
