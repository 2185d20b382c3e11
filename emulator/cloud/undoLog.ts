interface Entry {
  version: number;
  undo: () => void;
}

/** Records how to undo each change. A failed request or a failed write of the data file rolls changes back. */
export class UndoLog {
  /** Grows with every change and shrinks when changes are undone. */
  version = 0;
  /** Keep the changes of finished transactions until {@link discardUpTo}. */
  keepsHistory = false;
  #entries: Entry[] = [];
  #openTransactions = 0;

  /** Records a change that was just made. */
  record(undo: () => void): void {
    this.version++;
    if (this.keepsHistory || this.#openTransactions > 0) this.#entries.push({ version: this.version, undo });
  }

  /** Runs `act` and undoes its changes if it throws. */
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

  /** Undoes every change after a version, newest first. */
  rollBackTo(version: number): void {
    for (let last = this.#entries.at(-1); last && last.version > version; last = this.#entries.at(-1)) {
      this.#entries.pop();
      last.undo();
    }
    this.version = version;
  }

  /** Forgets how to undo the changes up to a version. */
  discardUpTo(version: number): void {
    this.#entries = this.#entries.filter((entry) => entry.version > version);
  }
}
