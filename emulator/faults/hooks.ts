import { type Incoming, type Match, matches, type Moment } from "./faults";

/** Which requests call a test's callback, and when. */
export interface Hook extends Match {
  /** `beforeCommit` by default. */
  when?: Moment;
  /** How often to call it. Until the hook is removed, by default. */
  times?: number;
}

export type HookCallback = (request: Incoming) => void | Promise<void>;

/** Callbacks that run in the middle of matching requests. */
export class HookList {
  #hooks: (Hook & { callback: HookCallback; called: number })[] = [];

  /** @returns a function that removes the hook */
  add(hook: Hook, callback: HookCallback): () => void {
    const added = { ...hook, callback, called: 0 };
    this.#hooks.push(added);
    return () => (this.#hooks = this.#hooks.filter((other) => other !== added));
  }

  clear(): void {
    this.#hooks = [];
  }

  /** Calls the hooks that match this request at this moment, one after the other. */
  async run(moment: Moment, request: Incoming): Promise<void> {
    for (const hook of [...this.#hooks]) {
      if ((hook.when ?? "beforeCommit") !== moment || !matches(hook, request)) continue;
      if (hook.called >= (hook.times ?? Infinity)) continue;
      hook.called++;
      await hook.callback(request);
    }
  }
}
