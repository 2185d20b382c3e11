import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { HttpsProxyAgent } from "https-proxy-agent";
import { proxyRefused } from "./connectionErrors.js";

type Options = Parameters<HttpsProxyAgent<string>["connect"]>[1];

/**
 * A tunnel through a proxy (CONNECT). If the proxy refuses, that is an error. Its answer must not look like the API's,
 * whose 404 may mean that an object is gone.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  override async connect(request: ClientRequest, options: Options): Promise<Socket> {
    let answer: Pick<IncomingMessage, "statusCode"> = {};
    request.once("proxyConnect", (given: IncomingMessage) => (answer = given));
    const socket = await super.connect(request, options);
    if (answer.statusCode === 200) return socket;
    socket.destroy();
    throw Object.assign(new Error(`the proxy answers ${answer.statusCode ?? "nothing"}`), {
      code: proxyRefused,
    });
  }
}
