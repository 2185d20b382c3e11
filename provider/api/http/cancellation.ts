import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";

/** Ends all waiting when the user cancels the run. Requests that were sent still get their answer. */
const cancellation = new AbortController();
// Hundreds of requests may wait at the same time. Without this, Node.js warns of a leak.
setMaxListeners(0, cancellation.signal);

/** What an operation that the user cancelled says. */
export const whyCancelled = "the run was cancelled: run Pulumi again to go on";

export const isCancelled = (): boolean => cancellation.signal.aborted;

/**
 * Calls a listener when the user cancels the run.
 *
 * @returns a function that removes the listener
 */
export function onCancel(listener: () => void): () => void {
  cancellation.signal.addEventListener("abort", listener, { once: true });
  return () => cancellation.signal.removeEventListener("abort", listener);
}

/** Sends no further request. An operation that has begun fails, and its resource keeps what was made. */
export const cancelWaiting = (): void => cancellation.abort();

/**
 * Waits.
 *
 * @throws Error if the user cancels the run
 */
export async function pause(milliseconds: number): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal: cancellation.signal });
  } catch (error) {
    throw new Error(whyCancelled, { cause: error });
  }
}
