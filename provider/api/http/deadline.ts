import { AsyncLocalStorage } from "node:async_hooks";

interface Operation {
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  /** Milliseconds. */
  readonly deadline: number;
}

const operations = new AsyncLocalStorage<Operation>();

/** Runs one operation on a resource. It must end within `deadline` milliseconds: no request is sent after that. */
export const withinDeadline = <T>(deadline: number, work: () => Promise<T>): Promise<T> =>
  operations.run({ endsAt: Date.now() + deadline, deadline }, work);

/** When the current operation must end, and how long it may take. Undefined outside of an operation. */
export const currentOperation = (): Operation | undefined => operations.getStore();
