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

/** Everything that one running emulator is made of; the server and the control are two views of it. */
export class Emulation {
  readonly faults = new FaultList();
  readonly requests = new Requests();
  latencyMs = 0;
  rateLimiter: RateLimiter | undefined;
  dataFile: DataFile | undefined;
  #hooks: (Hook & { callback: HookCallback; called: number })[] = [];

  constructor(
    readonly world: World,
    readonly log: (line: string) => void,
  ) {}

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
