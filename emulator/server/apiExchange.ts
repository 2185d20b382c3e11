import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import {
  methodNotAllowed,
  prepareCall,
  type PreparedCall,
  prepareTokenRequest,
  apiErrorReply,
} from "../api/dispatch";
import { claimedIssuer } from "../auth/tokenEndpoint";
import type { Effect, Incoming, Moment } from "../faults/faults";
import { readBody, tooLargeReply } from "../http/body";
import { errorReply } from "../http/errorReply";
import { type Reply, sendReply } from "../http/reply";
import type { RequestTarget } from "../http/requestTarget";
import { retryAfterHeader } from "../http/retryAfter";
import type { EmulatorInstance } from "../instance/emulatorInstance";
import type { RequestRecord } from "../instance/requestLog";
import { faultReply } from "./faultReply";

const tokenPath = "/oauth2/token";

/** One request to the API or the token endpoint, from arrival to answer. */
export class ApiExchange {
  readonly #record: RequestRecord;
  readonly #method: string;

  constructor(
    private readonly instance: EmulatorInstance,
    private readonly target: RequestTarget,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.#method = request.method ?? "GET";
    this.#record = instance.requests.record({
      time: instance.cloud.clock.now(),
      method: this.#method,
      path: target.path,
      query: redactSecrets(target.query),
      status: 0,
      caller: undefined,
    });
  }

  async run(): Promise<void> {
    const { instance } = this;
    const prepared = await this.#prepare();
    const incoming: Incoming = { method: this.#method, path: this.target.path, caller: this.#record.caller };
    await instance.hooks.run("beforeCommit", incoming);
    const effects = instance.faults.trigger(incoming);
    const latencies = effects.map((effect) => (effect.kind === "latency" ? effect.ms : 0));
    const latencyMs = latencies.reduce((sum, ms) => sum + ms, instance.latencyMs);
    if (latencyMs > 0) await sleep(latencyMs, undefined, { signal: instance.closing });
    const fault = effects.find(({ kind }) => kind !== "latency");
    if (this.#applyFault(fault, "beforeCommit") || instance.closing.aborted) return;
    const reply = this.#rateLimitReply(prepared.caller?.keyId) ?? prepared.commit();
    const writeError = await instance.flush();
    await instance.hooks.run("afterCommit", incoming);
    if (this.#applyFault(fault, "afterCommit")) return;
    this.#send(
      writeError ? errorReply(507, instance.cloud.unknowns, writeError.message) : reply,
      fault?.kind === "truncate" ? fault.bytes : undefined,
    );
  }

  async #prepare(): Promise<PreparedCall> {
    const { cloud } = this.instance;
    const { authorization } = this.request.headers;
    const { path, query } = this.target;
    const body = await readBody(this.request);
    if (!body) return { caller: undefined, commit: () => tooLargeReply(cloud.unknowns) };
    if (path === tokenPath) return { caller: undefined, commit: this.#prepareTokenRequest(body) };
    if (!path.startsWith("/v2/")) {
      const reply = errorReply(404, cloud.unknowns, "not found: the API is below /v2/");
      return { caller: undefined, commit: () => reply };
    }
    const below = path.slice("/v2/".length);
    const prepared = prepareCall(cloud, { method: this.#method, path: below, query, body, authorization });
    this.#record.caller = prepared.caller?.email;
    return prepared;
  }

  #prepareTokenRequest(body: Buffer): () => Reply {
    const { cloud } = this.instance;
    const { authorization, "content-type": contentType } = this.request.headers;
    const { query, authority } = this.target;
    if (this.#method !== "POST") return () => apiErrorReply(methodNotAllowed(["POST"]), cloud);
    const form = new URLSearchParams(body.toString());
    this.#record.caller = claimedIssuer(form);
    const endpoint = new URL(`http://${authority}${tokenPath}`);
    return prepareTokenRequest(cloud, { form, query, authorization, contentType, endpoint });
  }

  /** Applies a fault. @returns whether it ended the exchange */
  #applyFault(effect: Effect | undefined, moment: Moment): boolean {
    if (!effect || effect.kind === "latency" || effect.kind === "truncate") return false;
    if ((effect.when ?? "beforeCommit") !== moment) return false;
    if (effect.kind === "respond") this.#send(faultReply(effect, this.instance.cloud));
    if (effect.kind === "drop") {
      this.request.socket.destroy();
      this.#log("connection cut");
    }
    if (effect.kind === "hang") this.#log("never answered");
    return true;
  }

  /** The 429 answer, if the caller exceeds the rate limit. */
  #rateLimitReply(keyId: string | undefined): Reply | undefined {
    const { rateLimiter, cloud } = this.instance;
    const { rateLimitScope, rateLimitOnTokens, retryAfterHeader: headerForm } = cloud.unknowns;
    if (!rateLimiter || (this.target.path === tokenPath && !rateLimitOnTokens)) return undefined;
    const buckets = {
      global: "",
      organization: cloud.organizationOfAccount(this.#record.caller ?? "") ?? "",
      account: this.#record.caller ?? "",
      key: keyId ?? "",
      address: this.request.socket.remoteAddress ?? "",
    };
    const waitSeconds = rateLimiter.take(buckets[rateLimitScope]);
    if (waitSeconds === 0) return undefined;
    return errorReply(
      429,
      cloud.unknowns,
      "rate limit exceeded",
      retryAfterHeader(waitSeconds, headerForm, cloud.clock.now()),
    );
  }

  #send(reply: Reply, truncateTo?: number): void {
    this.#record.status = reply.status;
    sendReply(this.response, reply, this.instance.cloud.clock.now(), truncateTo);
    this.#log(String(reply.status));
  }

  #log(outcome: string): void {
    const { caller } = this.#record;
    this.instance.log(`${this.#method} ${this.target.path} ${outcome}${caller ? ` (${caller})` : ""}`);
  }
}

function redactSecrets(query: URLSearchParams): Record<string, string> {
  const secret = /assertion|token$|secret|password|authorization/i;
  return Object.fromEntries(
    [...query].map(([name, value]) => [
      name,
      secret.test(name) && !/^page_?token$/i.test(name) ? "[hidden]" : value,
    ]),
  );
}
