/** One request as it came in, and how it ended; nothing secret is in it. */
export interface RequestRecord {
  id: number;
  /** On the emulator's clock. */
  time: Date;
  method: string;
  /** Without the query: `/v2/projects/p/members`. */
  path: string;
  query: Record<string, string>;
  /** 0 where no answer was sent: the connection was cut, or is held open. */
  status: number;
  /** Email of the account that called; for the token endpoint the one that asked. */
  caller: string | undefined;
}

/** The requests so far, oldest first, without those to `/_emulator`. */
export interface RequestLog extends ReadonlyArray<RequestRecord> {
  clear(): void;
}

/** So that an emulator that runs for weeks does not grow without end. */
const maxRecords = 100_000;

export class RecordedRequests extends Array<RequestRecord> implements RequestLog {
  /** What filter and map make is an ordinary array. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  #nextId = 1;

  record(request: Omit<RequestRecord, "id">): RequestRecord {
    if (this.length >= maxRecords) this.splice(0, maxRecords / 10);
    const record = { id: this.#nextId++, ...request };
    this.push(record);
    return record;
  }

  clear(): void {
    this.length = 0;
  }
}
