import type { CloudState } from "../cloud/cloudState";
import type { CloudSnapshot } from "../cloud/resources";
import { FaultList } from "../faults/faults";
import { HookList } from "../faults/hooks";
import { type RateLimit, RateLimiter } from "../faults/rateLimiter";
import { type DataFile, WriteError } from "../storage/dataFile";
import type { Unknowns } from "../unknowns/unknowns";
import { plainText } from "./plainText";
import { RecordedRequests } from "./requestLog";

export type Settings = Record<
  "DT_API_URL" | "DT_OIDC_TOKEN_ENDPOINT" | "DT_API_KEY_ID" | "DT_API_KEY_SECRET" | "DT_OIDC_EMAIL",
  string
>;

/** Everything that one running emulator is made of; the server and the control are two views of it. */
export class EmulatorInstance {
  readonly faults = new FaultList();
  readonly hooks = new HookList();
  readonly requests = new RecordedRequests();
  latencyMs = 0;
  rateLimiter: RateLimiter | undefined;
  dataFile: DataFile | undefined;
  readonly #closeController = new AbortController();
  /** Aborted once the emulator closes: what has not happened by then happens no more. */
  readonly closing: AbortSignal = this.#closeController.signal;
  /** `http://127.0.0.1:PORT`, once it listens. */
  origin = "";
  /** The host that it listens at, as a URL spells it. */
  get host(): string {
    return new URL(this.origin).hostname;
  }
  #initial: { cloud: CloudSnapshot; unknowns: Unknowns } | undefined;
  #isWriteFailing = false;

  constructor(
    readonly cloud: CloudState,
    private readonly output: { log: (line: string) => void; warn: (line: string) => void },
    private readonly rateLimit: RateLimit | undefined,
  ) {
    this.#resetRateLimiter();
  }

  /** A line about a request. */
  log(line: string): void {
    this.output.log(plainText(line));
  }

  /** A line about what somebody should look at. */
  warn(line: string): void {
    this.output.warn(plainText(line));
  }

  /** What a client needs to log in as the admin account. */
  get settings(): Settings {
    return {
      DT_API_URL: `${this.origin}/v2`,
      DT_OIDC_TOKEN_ENDPOINT: `${this.origin}/oauth2/token`,
      DT_API_KEY_ID: this.cloud.admin?.keyId ?? "",
      DT_API_KEY_SECRET: this.cloud.admin?.secret ?? "",
      DT_OIDC_EMAIL: this.cloud.admin?.email ?? "",
    };
  }

  beginClose(): void {
    this.#closeController.abort();
  }

  /** Remembers how everything is, for {@link reset}. */
  saveInitialState(): void {
    this.#initial = structuredClone({ cloud: this.cloud.snapshot(), unknowns: this.cloud.unknowns });
  }

  /** Puts everything back to how it was at the start; who is logged in stays so, if the account was there by then. */
  reset(): void {
    if (!this.#initial) return;
    const { cloud, unknowns } = structuredClone(this.#initial);
    const accounts = new Set(cloud.accounts.map(({ name }) => name));
    const tokens = this.cloud.snapshot().tokens.filter(({ account }) => accounts.has(account));
    this.cloud.restore({ ...cloud, tokens });
    Object.assign(this.cloud.unknowns, unknowns);
    this.faults.clear();
    this.requests.clear();
    this.hooks.clear();
    this.#resetRateLimiter();
  }

  /**
   * Resolves once all changes are stored, if they are at all.
   *
   * @returns why they are not, and have been undone; undefined where all is well
   */
  async flush(): Promise<WriteError | undefined> {
    try {
      if (await this.dataFile?.flush()) this.#isWriteFailing = false;
      return undefined;
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      if (!this.#isWriteFailing)
        this.warn(`${error.message}; changes are refused with 507 until it can be written again`);
      this.#isWriteFailing = true;
      return error;
    }
  }

  #resetRateLimiter(): void {
    this.rateLimiter = this.rateLimit && new RateLimiter(this.rateLimit);
  }
}
