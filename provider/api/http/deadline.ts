import { AsyncLocalStorage } from "node:async_hooks";

/** An operation on a resource, as far as its time is limited. */
export interface Operation {
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  /** Milliseconds. */
  readonly deadline: number;
  /** What sets the deadline, for messages. Undefined for the setting. */
  readonly knob?: string | undefined;
}

/** How long an operation may take. */
export type Limit = Pick<Operation, "deadline" | "knob">;

const operations = new AsyncLocalStorage<Operation>();

/**
 * Runs one operation on a resource. It must end within its deadline: no request is sent after that.
 *
 * @param limit in milliseconds if it is a number, which the setting `deadline` sets
 */
export function withinDeadline<T>(limit: number | Limit, work: () => Promise<T>): Promise<T> {
  const { deadline, knob } = typeof limit === "number" ? { deadline: limit } : limit;
  return operations.run({ endsAt: Date.now() + deadline, deadline, knob }, work);
}

/** Runs work that several operations share. It may take as long as the one that ends last. */
export function withinLatest<T>(
  shared: readonly (Operation | undefined)[],
  work: () => Promise<T>,
): Promise<T> {
  const known = shared.filter((each) => each !== undefined);
  if (known.length < shared.length || known.length === 0) return work();
  return operations.run(
    known.reduce((latest, each) => (each.endsAt > latest.endsAt ? each : latest)),
    work,
  );
}

/** When the current operation must end, and how long it may take. Undefined outside of an operation. */
export const currentOperation = (): Operation | undefined => operations.getStore();
