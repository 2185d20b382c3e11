import { FaultList, type Incoming, type Match, matches, type Moment } from "./faults";
import { RateLimiter, type RateLimit } from "./rateLimit";
import { Requests } from "./requestLog";
import { type DataFile, NotStored } from "./storage/dataFile";
import type { WorldData } from "./things";
import type { Unknowns } from "./unknowns";
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
  /** The host that it listens at, as a URL spells it. */
  get host(): string {
    return new URL(this.origin).hostname;
  }
  #hooks: (Hook & { callback: HookCallback; called: number })[] = [];
  #start: { world: WorldData; unknowns: Unknowns } | undefined;
  #fails = false;

  constructor(
    readonly world: World,
    readonly log: (line: string) => void,
    readonly warn: (line: string) => void,
    private readonly rateLimit: RateLimit | undefined,
  ) {
    this.#fillBuckets();
  }

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

  /** Remembers how everything is, for {@link reset}. */
  begin(): void {
    this.#start = structuredClone({ world: this.world.dump(), unknowns: this.world.unknowns });
  }

  /** Puts everything back to how it was at the start; who is logged in stays so, if the account was there by then. */
  reset(): void {
    if (!this.#start) return;
    const { world, unknowns } = structuredClone(this.#start);
    const accounts = new Set(world.accounts.map(({ name }) => name));
    const tokens = this.world.dump().tokens.filter(({ account }) => accounts.has(account));
    this.world.restore({ ...world, tokens });
    Object.assign(this.world.unknowns, unknowns);
    this.faults.clear();
    this.requests.clear();
    this.#hooks = [];
    this.#fillBuckets();
  }

  /**
   * Resolves once all changes are stored, if they are at all.
   *
   * @returns why they are not, and have been undone; undefined where all is well
   */
  async stored(): Promise<NotStored | undefined> {
    try {
      if (await this.dataFile?.flush()) this.#fails = false;
      return undefined;
    } catch (error) {
      if (!(error instanceof NotStored)) throw error;
      if (!this.#fails)
        this.warn(`${error.message}; changes are refused with 507 until it can be written again`);
      this.#fails = true;
      return error;
    }
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

  #fillBuckets(): void {
    this.rateLimiter = this.rateLimit && new RateLimiter(this.rateLimit);
  }
}
