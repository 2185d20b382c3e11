import type { Queue, QueueAddOptions } from "p-queue";

/** What a request is for. */
export type Lane = "read" | "write";

/** How a request stands in line. */
export interface QueuedRequest extends QueueAddOptions {
  readonly lane?: Lane;
  /** Leaves the line when aborted. */
  readonly signal?: AbortSignal;
}

type Run = () => Promise<unknown>;

/** A queue of two lanes, each first come first served, that are served alternately while both wait: neither starves. */
export class FairQueue implements Queue<Run, QueuedRequest> {
  readonly #waiting: Record<Lane, { run: Run; id: string | undefined }[]> = { read: [], write: [] };
  #next: Lane = "read";

  get size(): number {
    return this.#waiting.read.length + this.#waiting.write.length;
  }

  enqueue(run: Run, { lane = "read", id }: Partial<QueuedRequest> = {}): void {
    this.#waiting[lane].push({ run, id });
  }

  dequeue(): Run | undefined {
    const lane = this.#waiting[this.#next].length > 0 ? this.#next : other(this.#next);
    this.#next = other(lane);
    return this.#waiting[lane].shift()?.run;
  }

  filter({ lane = "read" }: Readonly<Partial<QueuedRequest>>): Run[] {
    return this.#waiting[lane].map(({ run }) => run);
  }

  /** Somebody leaves the line. */
  remove(id: string): void {
    for (const line of Object.values(this.#waiting)) {
      const index = line.findIndex((turn) => turn.id === id);
      if (index >= 0) line.splice(index, 1);
    }
  }

  /** A lane is no rank: nobody gets ahead in it. */
  setPriority(): void {
    throw new Error("turns have no priority");
  }
}

const other = (lane: Lane): Lane => (lane === "read" ? "write" : "read");
