/** A request and its outcome, without secrets. */
export interface RequestRecord {
  id: number;
  /** By the emulator's clock. */
  time: Date;
  method: string;
  /** Without the query: `/v2/projects/p/members`. */
  path: string;
  query: Record<string, string>;
  /** 0 if no answer was sent. */
  status: number;
  /** Email of the calling account. For the token endpoint, the issuer of the assertion. */
  caller: string | undefined;
}

/** The requests so far, oldest first, without those to the control. */
export interface RequestLog extends ReadonlyArray<RequestRecord> {
  clear(): void;
}

/** Limits the memory of an emulator that runs for weeks. */
const maxRecords = 100_000;

export class RecordedRequests extends Array<RequestRecord> implements RequestLog {
  /** `filter` and `map` return ordinary arrays. */
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
