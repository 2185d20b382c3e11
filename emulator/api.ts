import { authenticate } from "./authentication";
import { Call } from "./call";
import { utf8 } from "./exchange";
import type { Caller } from "./permissions";
import { errorReply, Refusal, type Reply, tokenErrorBody } from "./refusal";
import { type Answer, findRoute } from "./router";
import { routes } from "./routes";
import { GrantRefusal, verifyGrant } from "./tokenEndpoint";
import type { Unknowns } from "./unknowns";
import type { World } from "./world";

/** A request, read and understood as far as it can be; `commit` makes the change and gives the answer. */
export interface Prepared {
  caller: Caller | undefined;
  commit: () => Reply;
}

interface Request {
  method: string;
  /** Below `/v2/`. */
  path: string;
  query: URLSearchParams;
  body: Buffer;
  authorization?: string | undefined;
}

/** Prepares a call of the API below `/v2/`. */
export function prepareCall(world: World, request: Request): Prepared {
  let caller: Caller | undefined;
  try {
    caller = authenticate(request.authorization, world);
    const handle = prepare(world, request, caller);
    return { caller, commit: () => committed(handle, world) };
  } catch (error) {
    return { caller, commit: () => refusalReply(error, world) };
  }
}

function prepare(world: World, { method, path, query, body }: Request, caller: Caller): () => Answer {
  const { unknowns } = world;
  const plain = unknowns.encodedColon === "verb" ? path.replace(/%3A(?=[a-z]+$)/i, ":") : path;
  const served = routes.filter(({ unserved }) => unserved(unknowns) !== 405);
  const found = findRoute(served, method, plain);
  if (found.kind === "none") throw new Refusal(404, "not found");
  if (found.kind === "otherMethod") throw methodNotAllowed(found.methods);
  const status = found.route.unserved(unknowns);
  if (status !== undefined) throw new Refusal(status, "this call is not served");
  const hasBody = method === "POST" || method === "PATCH";
  const call = new Call(
    found.params,
    readQuery(query, unknowns),
    hasBody ? parseJson(body) : undefined,
    caller,
    world,
  );
  return () => found.route.handle(call);
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
    if (!(error instanceof GrantRefusal)) return () => refusalReply(error, world);
    return () => ({ status: 400, body: tokenErrorBody(error.code, error.message, world.unknowns) });
  }
}

/** Makes a change; what a refusal ends halfway is undone. */
function committed(handle: () => Answer, world: World): Reply {
  try {
    return answerReply(world.log.attempt(handle), world);
  } catch (error) {
    return refusalReply(error, world);
  }
}

function answerReply(answer: Answer, world: World): Reply {
  const { createdStatus, successWithoutBody } = world.unknowns;
  if (answer.outcome === "partly") return refusalReply(answer.refusal, world);
  const { outcome, body } = answer;
  if (outcome === "created") return { status: createdStatus, body };
  if (outcome === "ok" || successWithoutBody === "{}") return { status: 200, body };
  return { status: successWithoutBody === "204" ? 204 : 200, body: undefined };
}

/** The answer to what was refused; what is no refusal is thrown on. */
export function refusalReply(error: unknown, world: World): Reply {
  if (!(error instanceof Refusal)) throw error;
  const { status, message, headers } = error;
  if (status !== 405) return errorReply(status, world.unknowns, message, headers);
  const { methodNotAllowed, methodNotAllowedBody } = world.unknowns;
  const reply = errorReply(methodNotAllowed, world.unknowns, message, headers);
  return methodNotAllowedBody === "json" ? reply : { ...reply, body: undefined };
}

/** The refusal of a method that a path does not serve, with those that it does (RFC 9110, section 15.5.6). */
export const methodNotAllowed = (methods: string[]): Refusal =>
  new Refusal(405, "method not allowed", { Allow: methods.join(", ") });

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(utf8(body));
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
}

/** The query with its names in one spelling, where both are understood, and each name once. @throws {Refusal} 400 */
function readQuery(query: URLSearchParams, { queryNames, queryParameterTwice }: Unknowns): URLSearchParams {
  const camelCase = (name: string): string =>
    queryNames === "camelCase"
      ? name
      : name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  const read = new URLSearchParams();
  for (const [name, value] of query) {
    const known = camelCase(name);
    if (!read.has(known) || queryParameterTwice === "last") read.set(known, value);
    else if (queryParameterTwice === "400") throw new Refusal(400, `${known} is there twice`);
  }
  return read;
}
