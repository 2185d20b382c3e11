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

/** The parts of one running emulator. The API and the control both work on it. */
export class EmulatorInstance {
  readonly faults = new FaultList();
  readonly hooks = new HookList();
  readonly requests = new RecordedRequests();
  latencyMs = 0;
  rateLimiter: RateLimiter | undefined;
  dataFile: DataFile | undefined;
  readonly #closeController = new AbortController();
  /** Aborted when the emulator closes. Requests that are still waiting stop there. */
  readonly closing: AbortSignal = this.#closeController.signal;
  /** `http://127.0.0.1:PORT`; empty before the server listens. */
  origin = "";
  /** The host name it listens on, in the URL's spelling. */
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

  /** Logs a line about a request. */
  log(line: string): void {
    this.output.log(plainText(line));
  }

  /** Reports a problem that needs attention. */
  warn(line: string): void {
    this.output.warn(plainText(line));
  }

  /** The environment variables a client needs to log in as the admin account. */
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

  /** Saves the current state for {@link reset}. */
  saveInitialState(): void {
    this.#initial = structuredClone({ cloud: this.cloud.snapshot(), unknowns: this.cloud.unknowns });
  }

  /** Restores the initial state. Tokens stay valid if their account existed then. */
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
   * Waits until all changes are in the data file, if there is one.
   *
   * @returns the error if they could not be written and were undone
   */
  async flush(): Promise<WriteError | undefined> {
    try {
      if (await this.dataFile?.flush()) this.#isWriteFailing = false;
      return undefined;
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      if (!this.#isWriteFailing)
        this.warn(`${error.message}. Changes are refused with 507 until the file can be written again`);
      this.#isWriteFailing = true;
      return error;
    }
  }

  #resetRateLimiter(): void {
    this.rateLimiter = this.rateLimit && new RateLimiter(this.rateLimit);
  }
}
