import { engineActivity } from "./engineActivity.js";

/** So many at least make a crowd that is recognised; fewer may come together by chance. */
const crowd = 4;
/** How long the first of a batch waits at most, in milliseconds. */
const longest = 1000;

/**
 * Decides when a batch is complete: when nothing has come for a moment. The engine sends only so many calls at once, and then
 * waits for answers; once its number is known, a batch that has reached it goes at once.
 */
export class BatchWindow {
  #waiting = 0;
  #underWay = 0;
  /** How many calls the engine was waiting for when nothing more came, the last time. */
  #stalledAt = 0;
  /** The same, where it happened twice: so many the engine sends at once. */
  #parallel = Infinity;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #send: (() => void) | undefined;

  /**
   * @param quiet how many milliseconds without anything new end a batch
   * @param most how many are a batch in any case
   */
  constructor(
    private readonly quiet: number,
    private readonly most = Infinity,
  ) {}

  /** A batch is begun, to be sent by `send`. Fits DataLoader's `batchScheduleFn`. */
  readonly schedule = (send: () => void): void => {
    this.#send = send;
    this.#startedAt = performance.now();
  };

  /** One more is in the batch. */
  arrived(): void {
    this.#waiting++;
    if (this.#waiting + this.#underWay > this.#parallel) this.#forget();
    // Half of many, so that the engine has something to do while they are under way.
    const enough = this.#parallel > 16 ? this.#parallel / 2 : this.#parallel;
    if (this.#waiting >= Math.min(enough, this.most)) this.#go();
    else this.#timer ??= setTimeout(this.#isQuiet, this.quiet);
  }

  /** So many have been answered. */
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
