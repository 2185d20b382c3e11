/** How long held answers wait for the engine to ask for more, in milliseconds: at most, and at least. */
const grace = { most: 500, least: 50 };
/** Of the longest time that the engine has taken to ask for more after an answer. */
const ample = 5;

interface Held {
  readonly name: string;
  readonly answer: (failure?: Error) => void;
}

/** What the answers of a crowd hang on. */
export interface Check {
  /** Whether something is to be checked before the last of the crowd is answered. */
  isDue(): boolean;
  /** Checks all of it. Never throws. @returns what failed, by name */
  run(): Promise<ReadonlyMap<string, Error>>;
  /** An error that tells of failures whose operations were answered before. */
  tell(failures: ReadonlyMap<string, Error>): Error;
}

/**
 * Holds the answers of one crowd of operations until the engine sends the next. The engine has only so many operations under way, so
 * that one answer is enough to see whether it has more. When it has none, what is due is checked before anybody else is answered:
 * many operations share one check, and none ends without it.
 */
export class HeldAnswers {
  /** How many operations are not answered, without those that a check under way answers. */
  #open = 0;
  /** Whether an answer has gone out and nothing has come since. */
  #isAnswered = false;
  #answeredAt = 0;
  #longestGap = 0;
  #held: Held[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly check: Check) {}

  /** Does an operation, and ends when it may be answered. @throws Error where the check says that it failed */
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
    // This one is checked at its end, and all that was done before it.
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

  /** Once all that is under way is held, only the engine can bring more. */
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
    // Those who were answered before can't be told any more, so somebody else is.
    const teller = held.find(({ name }) => !failures.has(name)) ?? held[0];
    for (const each of held) {
      const isTeller = each === teller && untold.size > 0;
      each.answer(isTeller ? this.check.tell(untold) : failures.get(each.name));
    }
  }
}
