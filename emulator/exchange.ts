import type { IncomingMessage, ServerResponse } from "node:http";
import type { Effect } from "./faults";
import type { World } from "./world";

/** What goes out: a body that is no text is sent as JSON; undefined is none. */
export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** The body of a request. @throws {RangeError} beyond 10 MB */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > 10_000_000) throw new RangeError("the body is too large");
  }
  return Buffer.concat(chunks).toString();
}

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
  return { status, body, headers: { ...retry, ...effect.headers } };
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
