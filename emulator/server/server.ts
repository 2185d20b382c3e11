import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { handleControlRequest, controlErrorReply, isControl } from "../control/control";
import { readBody } from "../http/body";
import { errorReply } from "../http/errorReply";
import { type Reply, sendReply } from "../http/reply";
import { parseRequestTarget } from "../http/requestTarget";
import type { EmulatorInstance } from "../instance/emulatorInstance";
import { ApiExchange } from "./apiExchange";

/** Creates the HTTP server. It does not listen yet. */
export function createEmulatorServer(instance: EmulatorInstance): Server {
  const server = createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (request, response) => {
    // The client disconnected. Only the answer is lost.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    handleRequest(instance, request, response).catch((error: unknown) => {
      if (instance.closing.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      if (request.socket.destroyed) {
        instance.log(`${request.method ?? ""} ${request.url ?? ""}: connection lost`);
        return;
      }
      instance.log(`internal error: ${message}`);
      if (response.headersSent) response.destroy();
      else replyWith(instance, response, { status: 500, body: { error: `the emulator failed: ${message}` } });
    });
  });
  // A client that uses the emulator as a proxy sends CONNECT. Without this, Node cuts its connection without an answer.
  server.on("connect", (_request, socket) =>
    socket.end(
      "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, POST, PATCH, DELETE\r\nConnection: close\r\n\r\n",
    ),
  );
  return server;
}

async function handleRequest(
  instance: EmulatorInstance,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = parseRequestTarget(request);
  if (!target) {
    await readBody(request);
    replyWith(instance, response, malformedReply(instance));
    instance.log(`${request.method ?? ""} (malformed URL or Host header) 400`);
    return;
  }
  if (!isControl(target.path)) return new ApiExchange(instance, target, request, response).run();
  const body = await readBody(request);
  if (instance.closing.aborted) return;
  const controlled = handleControlRequest(instance, { target, body, request });
  const lost = await instance.flush();
  replyWith(instance, response, lost ? controlErrorReply(507, lost.message) : controlled);
}

const malformedReply = ({ cloud }: EmulatorInstance): Reply =>
  errorReply(400, cloud.unknowns, "malformed URL or Host header", { Connection: "close" });

const replyWith = ({ cloud }: EmulatorInstance, response: ServerResponse, what: Reply): void =>
  sendReply(response, what, cloud.clock.now());
