import http from "node:http";
import https from "node:https";
import type { Agents } from "got";
import { proxyFor, type Proxy } from "./proxy.js";

/** How to connect to a URL: directly, or through a proxy. */
export interface Route {
  readonly agent: Agents;
  /** The variable that names the proxy; undefined where there is none. */
  readonly proxy: string | undefined;
}

const routes = new Map<string, Promise<Route>>();

/** The way to a URL, one for all who go there. @throws Error naming a variable that is wrong */
export async function routeTo(url: string): Promise<Route> {
  const proxy = proxyFor(url);
  const key = JSON.stringify([new URL(url).origin, proxy]);
  const route = routes.get(key) ?? open(url, proxy);
  routes.set(key, route);
  return route;
}

/** What a proxy needs is loaded only where there is one. */
async function open(url: string, proxy: Proxy | undefined): Promise<Route> {
  const options = { keepAlive: true };
  if (proxy === undefined) {
    return { agent: { http: new http.Agent(options), https: new https.Agent(options) }, proxy: undefined };
  }
  if (url.startsWith("https:")) {
    const { TunnelAgent } = await import("./tunnel.js");
    // Asked for connections alone, it needs nothing of what https.Agent adds.
    const agent: Record<string, http.Agent> = { https: new TunnelAgent(proxy.url, options) };
    return { agent, proxy: proxy.variable };
  }
  const { HttpProxyAgent } = await import("http-proxy-agent");
  return { agent: { http: new HttpProxyAgent(proxy.url, options) }, proxy: proxy.variable };
}
