import { engineActivity } from "./engineActivity.js";

/**
 * The smallest number of concurrent calls that counts as the engine's limit. Fewer calls may come together by chance.
 */
const crowd = 4;
/** How long the first call of a batch waits at most, in milliseconds. */
const longest = 1000;

/**
 * Decides when a batch is complete: when no call has arrived for a moment. The engine sends only a limited number of
 * calls at once, and then waits for answers. Once that number is known, a batch that reaches it is sent immediately.
 */
export class BatchWindow {
  #waiting = 0;
  #underWay = 0;
  /** How many calls the engine was waiting for the last time that calls stopped coming. */
  #stalledAt = 0;
  /** How many calls the engine sends at once. Known when calls have stopped at the same number twice in a row. */
  #parallel = Infinity;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #send: (() => void) | undefined;

  /**
   * @param quiet a batch ends after this many milliseconds without a new call
   * @param most a batch ends in any case at this number of calls
   */
  constructor(
    private readonly quiet: number,
    private readonly most = Infinity,
  ) {}

  /** Begins a batch, which `send` sends. Fits DataLoader's `batchScheduleFn`. */
  readonly schedule = (send: () => void): void => {
    this.#send = send;
    this.#startedAt = performance.now();
  };

  /** Adds a call to the batch. */
  arrived(): void {
    this.#waiting++;
    if (this.#waiting + this.#underWay > this.#parallel) this.#forget();
    // Send half of a large number, so that the engine has work while the batch is under way.
    const enough = this.#parallel > 16 ? this.#parallel / 2 : this.#parallel;
    if (this.#waiting >= Math.min(enough, this.most)) this.#go();
    else this.#timer ??= setTimeout(this.#isQuiet, this.quiet);
  }

  /** Notes that this many calls have been answered. */
  answered(count: number): void {
    this.#underWay -= count;
  }

  readonly #isQuiet = (): void => {
    const now = performance.now();
    const silence = Math.min(this.#startedAt + longest, engineActivity.heardAt + this.quiet) - now;
    if (silence > 1) {
      this.#timer = setTimeout(this.#isQuiet, silence);
      return;
    }
    const stalled = this.#waiting + this.#underWay;
    if (stalled >= crowd && stalled === this.#stalledAt) this.#parallel = stalled;
    this.#stalledAt = stalled;
    this.#go();
  };

  #forget(): void {
    this.#parallel = Infinity;
    this.#stalledAt = 0;
  }

  #go(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#underWay += this.#waiting;
    this.#waiting = 0;
    this.#send?.();
  }
}
