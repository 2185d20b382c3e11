/** What the engine asks of this process, as far as the wire goes by it. */
export const engine = {
  /** When it last asked for something (by `performance.now`): as long as it does, more of the same may come. */
  heardAt: -Infinity,
  /**
   * Whether a program is at work, or a deletion, and not only a refresh of what a state holds. Then something may hang on the
   * order of things.
   */
  isAtWork: false,
};

/** Notes a call of the engine's, by its name in Pulumi's protocol. A refresh reads, and compares what it read with the state. */
export function heard(method: string): void {
  engine.heardAt = performance.now();
  if (method !== "read" && method !== "diff") engine.isAtWork = true;
}
