import type { ServerResponse } from "node:http";

/** An HTTP answer. A string body is sent as it is, any other body as JSON; undefined means an empty body. */
export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** Sends a reply. With `truncateTo`, sends only that many bytes of the body and then cuts the connection. */
export function sendReply(response: ServerResponse, reply: Reply, date: Date, truncateTo?: number): void {
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
