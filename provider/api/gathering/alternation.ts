/** Work of two kinds that must not overlap: calls that write, which may run together, and looks, which run one at a time. */
export class Alternation {
  readonly #writes = new Set<Promise<unknown>>();
  #looks: Promise<unknown> = Promise.resolve();

  /** Writes once nobody looks. */
  async write<T>(call: () => Promise<T>): Promise<T> {
    for (let looks; looks !== this.#looks;) await (looks = this.#looks);
    const written = call();
    this.#writes.add(written);
    return written.finally(() => this.#writes.delete(written));
  }

  /** Looks once all writes under way have ended; later ones wait. */
  look<T>(look: () => Promise<T>): Promise<T> {
    const seen = this.#looks.then(() => Promise.allSettled(this.#writes)).then(look);
    this.#looks = seen.catch(() => undefined);
    return seen;
  }
}
