import type { Queue, QueueAddOptions } from "p-queue";

/** The lane in which a request waits. */
export type Lane = "read" | "write";

/** The options of a request in the queue. */
export interface QueuedRequest extends QueueAddOptions {
  readonly lane?: Lane;
  /** Removes the request from the queue when aborted. */
  readonly signal?: AbortSignal;
}

type Run = () => Promise<unknown>;

/**
 * A queue with two lanes, each of which is first in, first out. It alternates between the lanes while requests wait in
 * both, so that neither starves.
 */
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

  /** Removes a request that no longer waits. */
  remove(id: string): void {
    for (const line of Object.values(this.#waiting)) {
      const index = line.findIndex((turn) => turn.id === id);
      if (index >= 0) line.splice(index, 1);
    }
  }

  /** Not supported. A lane is not a priority, and a request can't move ahead in its lane. */
  setPriority(): void {
    throw new Error("turns have no priority");
  }
}

const other = (lane: Lane): Lane => (lane === "read" ? "write" : "read");
