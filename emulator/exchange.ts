import type { IncomingMessage, ServerResponse } from "node:http";
import type { Effect } from "./faults";
import { errorReply, type Reply } from "./refusal";
import type { World } from "./world";

/** A body of this many bytes is too large. */
const tooLarge = 10_000_000;
/** As much is read of it, so that its sender gets to read the answer; whoever sends more is cut off. */
const patience = 10 * tooLarge;

/** The body of a request; undefined where it is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length >= patience) break;
    if (length < tooLarge) chunks.push(chunk);
  }
  return length < tooLarge ? Buffer.concat(chunks) : undefined;
}

/** UTF-8 as text. @throws {TypeError} where it is none */
export const utf8 = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

/** The answer to a body that is too large: the connection ends with it, since the rest of the body is on its way. */
export const tooLargeReply = (world: World): Reply =>
  errorReply(413, world.unknowns, "the body is too large", { Connection: "close" });

/** Sends a reply; of the body only `truncateTo` bytes where that is given, and the connection is cut then. */
export function send(response: ServerResponse, reply: Reply, date: Date, truncateTo?: number): void {
  const isText = typeof reply.body === "string";
  const body = Buffer.from(
    isText ? String(reply.body) : reply.body === undefined ? "" : JSON.stringify(reply.body),
  );
  const type = isText ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
  response.sendDate = false;
  response.writeHead(reply.status, {
    Date: date.toUTCString(),
    ...(body.length > 0 ? { "Content-Type": type } : {}),
    ...(reply.status === 204 ? {} : { "Content-Length": body.length }),
    ...reply.headers,
  });
  if (truncateTo === undefined) response.end(body);
  else response.write(body.subarray(0, truncateTo), () => response.socket?.destroy());
}

/** The reply that a fault puts in the place of the real one. */
export function faultReply(effect: Extract<Effect, { kind: "respond" }>, world: World): Reply {
  const { status, body, retryAfter } = effect;
  const retry = retryAfter ? retryAfterHeader(retryAfter.seconds, retryAfter.as ?? "seconds", world) : {};
  const headers = { ...retry, ...effect.headers };
  if (body !== undefined || status < 400) return { status, body, headers };
  return errorReply(status, world.unknowns, undefined, headers);
}

export function retryAfterHeader(
  seconds: number,
  as: "seconds" | "date" | "absent",
  world: World,
): Record<string, string> {
  if (as === "absent") return {};
  if (as === "seconds") return { "Retry-After": String(Math.ceil(seconds)) };
  return { "Retry-After": new Date(world.clock.now().getTime() + Math.ceil(seconds) * 1000).toUTCString() };
}
