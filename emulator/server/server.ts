import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { control, controlFailure, isControl } from "../control/control";
import { readBody } from "../http/body";
import { errorReply } from "../http/errorReply";
import { type Reply, sendReply } from "../http/reply";
import { targetOf } from "../http/requestTarget";
import type { Emulation } from "../instance/emulatorInstance";
import { ApiExchange } from "./apiExchange";

/** An HTTP server of this cloud; not listening yet. */
export function createEmulatorServer(emulation: Emulation): Server {
  const server = createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (request, response) => {
    // The client went away: the answer is lost, and nothing else.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    answer(emulation, request, response).catch((error: unknown) => {
      if (emulation.ended.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      if (request.socket.destroyed) {
        emulation.log(`${request.method ?? ""} ${request.url ?? ""}: connection lost`);
        return;
      }
      emulation.log(`internal error: ${message}`);
      if (response.headersSent) response.destroy();
      else reply(emulation, response, { status: 500, body: { error: `the emulator failed: ${message}` } });
    });
  });
  // Without this the connection of a client that takes the emulator for a proxy is cut without a word.
  server.on("connect", (_request, socket) =>
    socket.end(
      "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, POST, PATCH, DELETE\r\nConnection: close\r\n\r\n",
    ),
  );
  return server;
}

async function answer(
  emulation: Emulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = targetOf(request);
  if (!target) {
    await readBody(request);
    reply(emulation, response, malformed(emulation));
    emulation.log(`${request.method ?? ""} (malformed URL or Host header) 400`);
    return;
  }
  if (!isControl(target.path)) return new ApiExchange(emulation, target, request, response).run();
  const body = await readBody(request);
  if (emulation.ended.aborted) return;
  const controlled = control(emulation, { target, body, request });
  const lost = await emulation.stored();
  reply(emulation, response, lost ? controlFailure(507, lost.message) : controlled);
}

const malformed = ({ cloud }: Emulation): Reply =>
  errorReply(400, cloud.unknowns, "malformed URL or Host header", { Connection: "close" });

const reply = ({ cloud }: Emulation, response: ServerResponse, what: Reply): void =>
  sendReply(response, what, cloud.clock.now());
