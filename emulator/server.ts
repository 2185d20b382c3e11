import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { methodNotAllowed, type Prepared, prepareCall, prepareGrant } from "./api";
import { control } from "./control";
import type { Emulation } from "./emulation";
import { faultReply, readText, type Reply, retryAfterHeader, send } from "./exchange";
import type { Effect, Incoming, Moment } from "./faults";
import { errorBody } from "./refusal";
import type { RequestRecord } from "./requestLog";
import { claimedIssuer } from "./tokenEndpoint";

/** An HTTP server of this cloud; not listening yet. */
export function createEmulatorServer(emulation: Emulation): Server {
  return createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (request, response) => {
    answer(emulation, request, response).catch((error: unknown) => {
      if (emulation.ended.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      emulation.log(`internal error: ${message}`);
      if (response.headersSent) response.destroy();
      else
        send(
          response,
          { status: 500, body: { error: `the emulator failed: ${message}` } },
          emulation.world.clock.now(),
        );
    });
  });
}

async function answer(
  emulation: Emulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(`http://${request.headers.host ?? "localhost"}${request.url ?? "/"}`);
  const method = request.method ?? "GET";
  const text = await readText(request);
  if (url.pathname.startsWith("/_emulator")) {
    const reply = control(emulation, { method, url, text, request });
    await emulation.dataFile?.flush();
    send(response, reply, emulation.world.clock.now());
    return;
  }
  await new Exchange(emulation, method, url, request, response).run(text);
}

/** One request of the cloud's API or its token endpoint, from its arrival to its answer. */
class Exchange {
  readonly #record: RequestRecord;

  constructor(
    private readonly emulation: Emulation,
    private readonly method: string,
    private readonly url: URL,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    const { requests, world } = emulation;
    this.#record = requests.record({
      time: world.clock.now(),
      method,
      path: url.pathname,
      query: withoutSecrets(url.searchParams),
      status: 0,
      caller: undefined,
    });
  }

  async run(text: string): Promise<void> {
    const { emulation } = this;
    const prepared = await this.#prepare(text);
    const incoming: Incoming = { method: this.method, path: this.url.pathname, caller: this.#record.caller };
    await emulation.runHooks("beforeCommit", incoming);
    const effects = emulation.faults.strike(incoming);
    const latencies = effects.map((effect) => (effect.kind === "latency" ? effect.ms : 0));
    const latencyMs = latencies.reduce((sum, ms) => sum + ms, emulation.latencyMs);
    if (latencyMs > 0) await sleep(latencyMs, undefined, { signal: emulation.ended });
    const decisive = effects.find(({ kind }) => kind !== "latency");
    if (this.#interfere(decisive, "beforeCommit") || emulation.ended.aborted) return;
    const reply = this.#limited(prepared.caller?.keyId) ?? prepared.commit();
    await emulation.dataFile?.flush();
    await emulation.runHooks("afterCommit", incoming);
    if (this.#interfere(decisive, "afterCommit")) return;
    this.#send(reply, decisive?.kind === "truncate" ? decisive.bytes : undefined);
  }

  async #prepare(text: string): Promise<Prepared> {
    const { world } = this.emulation;
    const { authorization } = this.request.headers;
    const { pathname: path, searchParams: query } = this.url;
    if (path === "/oauth2/token") {
      if (this.method !== "POST") return { caller: undefined, commit: () => methodNotAllowed(world) };
      const form = new URLSearchParams(text);
      this.#record.caller = claimedIssuer(form);
      const endpoint = new URL(this.url.pathname, this.url);
      const commit = await prepareGrant(world, { form, query, authorization, endpoint });
      return { caller: undefined, commit };
    }
    if (!path.startsWith("/v2/")) {
      const body = errorBody(404, "not found: the API is below /v2/", world.unknowns);
      return { caller: undefined, commit: () => ({ status: 404, body }) };
    }
    const below = path.slice("/v2/".length);
    const prepared = prepareCall(world, { method: this.method, path: below, query, text, authorization });
    this.#record.caller = prepared.caller?.email;
    return prepared;
  }

  /** Whether a fault has ended the exchange at this moment. */
  #interfere(effect: Effect | undefined, moment: Moment): boolean {
    if (!effect || effect.kind === "latency" || effect.kind === "truncate") return false;
    if ((effect.when ?? "beforeCommit") !== moment) return false;
    if (effect.kind === "respond") this.#send(faultReply(effect, this.emulation.world));
    if (effect.kind === "drop") {
      this.request.socket.destroy();
      this.#log("connection cut");
    }
    if (effect.kind === "hang") this.#log("never answered");
    return true;
  }

  /** The 429 of a caller that asks too often. */
  #limited(keyId: string | undefined): Reply | undefined {
    const { rateLimiter, world } = this.emulation;
    const { rateLimitScope, rateLimitOnTokens, retryAfterHeader: as } = world.unknowns;
    if (!rateLimiter || (this.url.pathname === "/oauth2/token" && !rateLimitOnTokens)) return undefined;
    const buckets = {
      global: "",
      organization: world.organizationOf(this.#record.caller ?? "") ?? "",
      account: this.#record.caller ?? "",
      key: keyId ?? "",
      address: this.request.socket.remoteAddress ?? "",
    };
    const waitSeconds = rateLimiter.take(buckets[rateLimitScope]);
    if (waitSeconds === 0) return undefined;
    const body = errorBody(429, "rate limit exceeded", world.unknowns);
    return { status: 429, body, headers: retryAfterHeader(waitSeconds, as, world) };
  }

  #send(reply: Reply, truncateTo?: number): void {
    this.#record.status = reply.status;
    send(this.response, reply, this.emulation.world.clock.now(), truncateTo);
    this.#log(String(reply.status));
  }

  #log(outcome: string): void {
    const { caller } = this.#record;
    this.emulation.log(`${this.method} ${this.url.pathname} ${outcome}${caller ? ` (${caller})` : ""}`);
  }
}

function withoutSecrets(query: URLSearchParams): Record<string, string> {
  const secret = /assertion|token$|secret|password|authorization/i;
  return Object.fromEntries(
    [...query].map(([name, value]) => [
      name,
      secret.test(name) && !/^page_?token$/i.test(name) ? "[hidden]" : value,
    ]),
  );
}
