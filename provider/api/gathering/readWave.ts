import { engineActivity } from "./engineActivity.js";

/** How long the last of a crowd waits for the engine to send the next read, in milliseconds: at most, and at least. */
const grace = { most: 150, least: 20 };
/** Of the longest time that the engine has taken to put another read in the place of one that was answered. */
const ample = 5;

/**
 * Reads that overlap. The engine refreshes everything at once, but sends only so many reads at a time (`--parallel`): a read that
 * takes the place of one that was answered has been waiting in the engine, and counts as asked when the wave began. Not so where a
 * program is at work: there a read may come after something that changed what it reads.
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
  /** Lets the read go that was held back. */
  #release: () => void = () => undefined;

  /** Whether what was seen for one read may serve one that comes later. */
  get hasSuccessors(): boolean {
    return !engineActivity.isAtWork && this.#most > 1;
  }

  /** Whether the read that is under way is likely to stay alone: it is, and so were those before. */
  get isLonely(): boolean {
    return this.open === 1 && this.#most === 1 && !this.#wasCrowd;
  }

  /** A read begins. @returns the time (of `performance.now`) from which on what is seen may answer it */
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

  /** A read ends. The last of a crowd waits a moment for the next to come, since the wave ends with it. */
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
