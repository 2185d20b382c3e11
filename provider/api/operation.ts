import { AsyncLocalStorage } from "node:async_hooks";

const operations = new AsyncLocalStorage<{ readonly endsAt: number }>();

/** Runs one operation on a resource, which must be over after `deadline` milliseconds: no request is sent after that. */
export const withinDeadline = <T>(deadline: number, work: () => Promise<T>): Promise<T> =>
  operations.run({ endsAt: Date.now() + deadline }, work);

/** When what is going on must be over, in milliseconds since the epoch; undefined outside of any operation. */
export const endOfOperation = (): number | undefined => operations.getStore()?.endsAt;
