/** The address of the engine, which Pulumi gives to each provider that it starts, and to the program. */
export const engine = (): string => process.argv[2] ?? "";

/** Whether an engine has started this process. */
export const isStartedByEngine = (): boolean => /:\d+$/.test(engine());

/**
 * Identifies one preview, or one update: all provider processes of it have the same engine, and no other operation has that one at
 * the same time.
 */
export const deployment = (): string => (isStartedByEngine() ? engine() : `process ${process.pid}`);
