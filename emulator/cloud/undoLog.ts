interface Entry {
  version: number;
  undo: () => void;
}

/** The changes of a cloud, newest last, so that they can be undone: by a request that fails, or by a failed write. */
export class UndoLog {
  /** Grows with every change, and shrinks as changes are undone. */
  version = 0;
  /** Whether changes can be undone after the request that made them, until {@link discardUpTo}. */
  keepsHistory = false;
  #entries: Entry[] = [];
  #openTransactions = 0;

  /** Notes a change that was just made. */
  record(undo: () => void): void {
    this.version++;
    if (this.keepsHistory || this.#openTransactions > 0) this.#entries.push({ version: this.version, undo });
  }

  /** Runs `act`; if it throws, everything that it changed is undone. */
  transaction<T>(act: () => T): T {
    const before = this.version;
    this.#openTransactions++;
    try {
      return act();
    } catch (error) {
      this.rollBackTo(before);
      throw error;
    } finally {
      this.#openTransactions--;
      if (!this.keepsHistory && this.#openTransactions === 0) this.#entries = [];
    }
  }

  /** Undoes every change after a version, the newest first. */
  rollBackTo(version: number): void {
    for (let last = this.#entries.at(-1); last && last.version > version; last = this.#entries.at(-1)) {
      this.#entries.pop();
      last.undo();
    }
    this.version = version;
  }

  /** Drops what is needed to undo the changes up to a version. */
  discardUpTo(version: number): void {
    this.#entries = this.#entries.filter((entry) => entry.version > version);
  }
}
