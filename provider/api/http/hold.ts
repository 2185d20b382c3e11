/** How long the API has asked all requests to wait. */
export class Hold {
  /** Milliseconds since the epoch. 0 if the API has not asked. */
  until = 0;
  readonly #listeners = new Set<() => void>();

  /** Asks all requests to wait from now on for this many milliseconds, unless they wait longer already. */
  extend(milliseconds: number): void {
    this.until = Math.max(this.until, Date.now() + milliseconds);
    for (const listener of this.#listeners) listener();
  }

  /**
   * Calls a listener each time that the API asks.
   *
   * @returns a function that removes the listener
   */
  onExtend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
