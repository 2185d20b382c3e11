import { engineActivity } from "./engineActivity.js";

/**
 * How long the last of several reads waits for the engine to send another one, in milliseconds: at most and at least.
 */
const grace = { most: 150, least: 20 };
/** The wait is this many times the longest time that the engine took to replace an answered read by another read. */
const ample = 5;

/**
 * A group of reads that overlap. The engine refreshes everything at once, but sends only a limited number of reads at a
 * time (`--parallel`). A read that takes the place of an answered one was already waiting in the engine, so it counts
 * as asked when the wave began. That is different while a program is at work: a read may then follow a change of the
 * object that it reads.
 */
export class ReadWave {
  /** How many reads are under way. */
  open = 0;
  #most = 0;
  #startedAt = 0;
  #freePlaces = 0;
  #freeSince = 0;
  #longestGap = 0;
  #wasCrowd = true;
  /** Ends the wait of the read that is held back. */
  #release: () => void = () => undefined;

  /** Whether the results of one read may also answer a later read. */
  get hasSuccessors(): boolean {
    return !engineActivity.isAtWork && this.#most > 1;
  }

  /**
   * Whether the current read is likely to stay alone: it is alone now, and the reads of the previous wave were, too.
   */
  get isLonely(): boolean {
    return this.open === 1 && this.#most === 1 && !this.#wasCrowd;
  }

  /** Begins a read. @returns the time (of `performance.now`) from which on results may answer it */
  enter(): number {
    const now = performance.now();
    if (this.open === 0) {
      this.#startedAt = now;
      this.#freePlaces = 0;
      this.#longestGap = 0;
      this.#most = 0;
    }
    this.open++;
    this.#most = Math.max(this.#most, this.open);
    this.#release();
    if (engineActivity.isAtWork || this.#freePlaces === 0) return now;
    this.#longestGap = Math.max(this.#longestGap, now - this.#freeSince);
    this.#freePlaces--;
    return this.#startedAt;
  }

  /** Ends a read. The last of several reads waits a moment for the next one, because the wave ends with it. */
  async leave(): Promise<void> {
    if (this.open > 1 || !this.hasSuccessors) {
      this.#end();
      return;
    }
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.#release = () => undefined;
        this.#end();
        resolve();
      };
      const gap = this.#longestGap === 0 ? grace.most : this.#longestGap * ample;
      const timer = setTimeout(go, Math.min(Math.max(gap, grace.least), grace.most));
      this.#release = go;
    });
  }

  #end(): void {
    this.#freePlaces++;
    this.#freeSince = performance.now();
    this.open--;
    if (this.open === 0) this.#wasCrowd = this.#most > 1;
  }
}
