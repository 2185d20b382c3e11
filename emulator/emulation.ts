import type { DataFile } from "./dataFile";
import { FaultList, type Incoming, type Match, matches, type Moment } from "./faults";
import type { RateLimiter } from "./rateLimit";
import { Requests } from "./requestLog";
import type { World } from "./world";

/** Something of a test's own that happens in the middle of a request. */
export interface Hook extends Match {
  /** `beforeCommit` by default. */
  when?: Moment;
  /** How often; until it is removed by default. */
  times?: number;
}

export type HookCallback = (request: Incoming) => void | Promise<void>;

export type Settings = Record<
  "DT_API_URL" | "DT_OIDC_TOKEN_ENDPOINT" | "DT_API_KEY_ID" | "DT_API_KEY_SECRET" | "DT_OIDC_EMAIL",
  string
>;

/** Everything that one running emulator is made of; the server and the control are two views of it. */
export class Emulation {
  readonly faults = new FaultList();
  readonly requests = new Requests();
  latencyMs = 0;
  rateLimiter: RateLimiter | undefined;
  dataFile: DataFile | undefined;
  readonly #end = new AbortController();
  /** Aborted once the emulator closes: what has not happened by then happens no more. */
  readonly ended: AbortSignal = this.#end.signal;
  /** `http://127.0.0.1:PORT`, once it listens. */
  origin = "";
  #hooks: (Hook & { callback: HookCallback; called: number })[] = [];

  constructor(
    readonly world: World,
    readonly log: (line: string) => void,
  ) {}

  /** What a client needs to log in as the admin account. */
  get settings(): Settings {
    return {
      DT_API_URL: `${this.origin}/v2`,
      DT_OIDC_TOKEN_ENDPOINT: `${this.origin}/oauth2/token`,
      DT_API_KEY_ID: this.world.admin?.keyId ?? "",
      DT_API_KEY_SECRET: this.world.admin?.secret ?? "",
      DT_OIDC_EMAIL: this.world.admin?.email ?? "",
    };
  }

  end(): void {
    this.#end.abort();
  }

  /** @returns a function that removes the hook */
  addHook(hook: Hook, callback: HookCallback): () => void {
    const added = { ...hook, callback, called: 0 };
    this.#hooks.push(added);
    return () => (this.#hooks = this.#hooks.filter((other) => other !== added));
  }

  /** Calls, one after the other, the hooks that this request at this moment is meant by. */
  async runHooks(moment: Moment, request: Incoming): Promise<void> {
    for (const hook of [...this.#hooks]) {
      if ((hook.when ?? "beforeCommit") !== moment || !matches(hook, request)) continue;
      if (hook.called >= (hook.times ?? Infinity)) continue;
      hook.called++;
      await hook.callback(request);
    }
  }
}
