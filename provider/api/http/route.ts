import http from "node:http";
import https from "node:https";
import type { Agents } from "got";
import { proxyFor, type Proxy } from "./proxy.js";

/** How to connect to a URL: directly or through a proxy. */
export interface Route {
  readonly agent: Agents;
  /** The variable that names the proxy. Undefined without a proxy. */
  readonly proxy: string | undefined;
}

const routes = new Map<string, Promise<Route>>();

/**
 * The route to a URL. All requests to the same origin share it.
 *
 * @throws Error naming a variable that is wrong
 */
export async function routeTo(url: string): Promise<Route> {
  const proxy = proxyFor(url);
  const key = JSON.stringify([new URL(url).origin, proxy]);
  const route = routes.get(key) ?? open(url, proxy);
  routes.set(key, route);
  return route;
}

/** Loads the proxy modules only if there is a proxy. */
async function open(url: string, proxy: Proxy | undefined): Promise<Route> {
  const options = { keepAlive: true };
  if (proxy === undefined) {
    return { agent: { http: new http.Agent(options), https: new https.Agent(options) }, proxy: undefined };
  }
  if (url.startsWith("https:")) {
    const { TunnelAgent } = await import("./tunnel.js");
    // The agent is used only for connections, so it doesn't need what https.Agent adds.
    const agent: Record<string, http.Agent> = { https: new TunnelAgent(proxy.url, options) };
    return { agent, proxy: proxy.variable };
  }
  const { HttpProxyAgent } = await import("http-proxy-agent");
  return { agent: { http: new HttpProxyAgent(proxy.url, options) }, proxy: proxy.variable };
}
