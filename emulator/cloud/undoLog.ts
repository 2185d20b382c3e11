interface Entry {
  version: number;
  undo: () => void;
}

/** The changes of a cloud, newest last, so that they can be undone: by a request that fails, or by a failed write. */
export class ChangeLog {
  /** Grows with every change, and shrinks as changes are undone. */
  version = 0;
  /** Whether changes can be undone after the request that made them, until {@link forget}. */
  keepsAll = false;
  #entries: Entry[] = [];
  #attempts = 0;

  /** Notes a change that was just made. */
  record(undo: () => void): void {
    this.version++;
    if (this.keepsAll || this.#attempts > 0) this.#entries.push({ version: this.version, undo });
  }

  /** Runs `act`; if it throws, everything that it changed is undone. */
  attempt<T>(act: () => T): T {
    const before = this.version;
    this.#attempts++;
    try {
      return act();
    } catch (error) {
      this.undoSince(before);
      throw error;
    } finally {
      this.#attempts--;
      if (!this.keepsAll && this.#attempts === 0) this.#entries = [];
    }
  }

  /** Undoes every change after a version, the newest first. */
  undoSince(version: number): void {
    for (let last = this.#entries.at(-1); last && last.version > version; last = this.#entries.at(-1)) {
      this.#entries.pop();
      last.undo();
    }
    this.version = version;
  }

  /** Drops what is needed to undo the changes up to a version. */
  forget(version: number): void {
    this.#entries = this.#entries.filter((entry) => entry.version > version);
  }
}
