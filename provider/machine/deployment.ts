/** The address of the engine. Pulumi passes it to the program and to each provider that it starts. */
export const engine = (): string => process.argv[2] ?? "";

/** Whether an engine has started this process. */
export const isStartedByEngine = (): boolean => /:\d+$/.test(engine());

/**
 * Identifies one preview or one update. All its provider processes have the same engine, and no other operation has
 * that engine at the same time.
 */
export const deployment = (): string => (isStartedByEngine() ? engine() : `process ${process.pid}`);
