import type { WriteStream } from "node:tty";

/** Where a command's product goes. */
export interface Output {
  (text: string): void;
  /** Colours are wanted: it is a terminal, or `FORCE_COLOR` says so, and `NO_COLOR` does not object. */
  readonly isColoured: boolean;
  /** Characters in a line. The same wherever it is no terminal. */
  readonly width: number;
}

/**
 * Claims standard output for a command's product: the provider's notices, which belong there under the engine, go to standard error.
 */
export function claimStdout(): Output {
  const stdout: Pick<NodeJS.WriteStream, "write"> & Partial<Pick<WriteStream, "isTTY" | "columns">> =
    process.stdout;
  Object.defineProperty(process, "stdout", { value: process.stderr, configurable: true });
  const isTerminal = stdout.isTTY === true && process.env.TERM !== "dumb";
  const { NO_COLOR, FORCE_COLOR } = process.env;
  return Object.assign((text: string) => void stdout.write(text), {
    isColoured: !NO_COLOR && (isTerminal || !!FORCE_COLOR),
    width: isTerminal ? Math.max(stdout.columns ?? 110, 60) : 110,
  });
}
