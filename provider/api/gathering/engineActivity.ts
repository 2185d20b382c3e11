/** The engine's calls to this process, as far as they affect how requests are sent. */
export const engineActivity = {
  /**
   * When the engine last made a call (by `performance.now`). While it makes calls, more calls of the same kind may
   * come.
   */
  heardAt: -Infinity,
  /**
   * Whether the run writes something, or a program looks something up. Otherwise the run only refreshes the objects of
   * a state. If this is true, results may depend on the order of calls.
   */
  isAtWork: false,
};

const writing = new Set(["create", "update", "delete"]);

/**
 * Notes a call from the engine, by the call's name in Pulumi's protocol. A refresh reads objects and compares them with
 * the state. With --run-program, it also checks the program's declarations between the reads. So only the writing calls
 * count as work.
 */
export function noteEngineCall(method: string): void {
  engineActivity.heardAt = performance.now();
  if (writing.has(method)) engineActivity.isAtWork = true;
}
