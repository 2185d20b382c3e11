let given: string | undefined;

/** The address of the engine. Pulumi passes it to the program and to each provider that it starts. */
export const engine = (): string => given ?? process.argv[2] ?? "";

/** Notes the address that the engine gives in a call. */
export function noteEngine(address: string): void {
  if (address !== "") given = address;
}

/** Whether an engine has started this process. */
export const isStartedByEngine = (): boolean => /:\d+$/.test(engine());

/**
 * Identifies one preview or one update. All its provider processes have the same engine, and no other operation has
 * that engine at the same time.
 */
export const deployment = (): string => (isStartedByEngine() ? engine() : `process ${process.pid}`);
