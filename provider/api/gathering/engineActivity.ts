/** What the engine asks of this process, as far as the wire goes by it. */
export const engineActivity = {
  /** When it last asked for something (by `performance.now`): as long as it does, more of the same may come. */
  heardAt: -Infinity,
  /**
   * Whether anything is written, or a program looks something up, and not only a refresh of what a state holds. Then something may
   * hang on the order of things.
   */
  isAtWork: false,
};

const writing = new Set(["create", "update", "delete"]);

/**
 * Notes a call of the engine's, by its name in Pulumi's protocol. A refresh reads, and compares what it read with the state; with
 * --run-program it checks what the program declares between the reads.
 */
export function noteEngineCall(method: string): void {
  engineActivity.heardAt = performance.now();
  if (writing.has(method)) engineActivity.isAtWork = true;
}
