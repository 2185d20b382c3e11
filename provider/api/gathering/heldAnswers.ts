/** How long held answers wait for the next operation of the engine, in milliseconds: at most, and at least. */
const grace = { most: 500, least: 50 };
/** A multiple of the longest time that the engine has taken to send the next operation after an answer. */
const ample = 5;

interface Held {
  readonly name: string;
  readonly answer: (failure?: Error) => void;
}

/** A check that must run before the last answer of a group of operations. */
export interface Check {
  /** Whether something must be checked before the last operation of the group is answered. */
  isDue(): boolean;
  /** Runs the check. Never throws. @returns the failures, by name */
  run(): Promise<ReadonlyMap<string, Error>>;
  /** An error about failures of operations that were answered before. */
  tell(failures: ReadonlyMap<string, Error>): Error;
}

/**
 * Holds the answers of a group of operations until the engine sends the next operation. The engine runs a limited number of
 * operations at a time (`--parallel`), so one answer is enough to see whether it has more. If it has none, the check runs before
 * the other answers. Many operations share one check, and none ends without it.
 */
export class HeldAnswers {
  /** The number of unanswered operations, without those that a running check will answer. */
  #open = 0;
  /** Whether an answer was sent and no operation has arrived since. */
  #isAnswered = false;
  #answeredAt = 0;
  #longestGap = 0;
  #held: Held[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly check: Check) {}

  /** Runs an operation and returns when it may be answered. @throws Error if the check finds that it failed */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#arrive();
    const outcome = await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const failure = await this.#leave(name);
    if (failure !== undefined) throw failure;
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  #arrive(): void {
    if (this.#isAnswered) this.#longestGap = Math.max(this.#longestGap, performance.now() - this.#answeredAt);
    this.#isAnswered = false;
    this.#open++;
    // The check at the end of this operation covers everything that was done before it.
    for (const { answer } of this.#takeHeld()) answer();
  }

  async #leave(name: string): Promise<Error | undefined> {
    const isLast = this.#open === 1;
    if (!this.check.isDue() || (!isLast && !this.#isAnswered)) {
      this.#open--;
      this.#isAnswered = true;
      this.#answeredAt = performance.now();
      this.#waitForMore();
      return undefined;
    }
    return new Promise((answer) => {
      this.#held.push({ name, answer });
      this.#waitForMore();
    });
  }

  /** When every running operation is held, only the engine can send more. */
  #waitForMore(): void {
    if (this.#timer !== undefined || this.#held.length === 0 || this.#held.length < this.#open) return;
    const gap = this.#longestGap === 0 ? grace.most : this.#longestGap * ample;
    this.#timer = setTimeout(
      () => void this.#answerAll(this.#takeHeld()),
      Math.min(Math.max(gap, grace.least), grace.most),
    );
  }

  #takeHeld(): Held[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#open -= this.#held.length;
    return this.#held.splice(0);
  }

  async #answerAll(held: readonly Held[]): Promise<void> {
    const failures = await this.check.run();
    const names = new Set(held.map(({ name }) => name));
    const untold = new Map([...failures].filter(([name]) => !names.has(name)));
    // Operations that were answered before can't fail now, so another one reports their failures.
    const teller = held.find(({ name }) => !failures.has(name)) ?? held[0];
    for (const each of held) {
      const isTeller = each === teller && untold.size > 0;
      each.answer(isTeller ? this.check.tell(untold) : failures.get(each.name));
    }
  }
}
