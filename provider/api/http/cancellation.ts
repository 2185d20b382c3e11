/** Ends the waiting of all requests when the user cancels the run. Requests that were sent get their answer. */
const cancellation = new AbortController();

/** Aborted when the user has cancelled the run. */
export const cancelled: AbortSignal = cancellation.signal;

/** Sends no further request. An operation that has begun fails, and keeps what it has made. */
export function cancelWaiting(): void {
  cancellation.abort();
}
