import type { WriteStream } from "node:tty";

/** Writes a command's result. */
export interface Output {
  (text: string): void;
  /** Whether to use colours: in a terminal or with `FORCE_COLOR`, but not with `NO_COLOR`. */
  readonly isColoured: boolean;
}

/**
 * Reserves standard output for a command's result. The provider prints its notices there when the engine runs it. Here
 * they go to standard error.
 */
export function claimStdout(): Output {
  const stdout: Pick<NodeJS.WriteStream, "write"> & Partial<Pick<WriteStream, "isTTY">> = process.stdout;
  Object.defineProperty(process, "stdout", { value: process.stderr, configurable: true });
  const isTerminal = stdout.isTTY === true && process.env.TERM !== "dumb";
  const { NO_COLOR, FORCE_COLOR } = process.env;
  return Object.assign((text: string) => void stdout.write(text), {
    isColoured: !NO_COLOR && (isTerminal || !!FORCE_COLOR),
  });
}
