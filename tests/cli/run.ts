import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { installed } from "./installed";

/** One run of our command. */
export class Run {
  readonly child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  out = "";
  err = "";

  constructor(args: string[], options: { cwd: string; env?: Record<string, string> }) {
    const [command, ...words] = installed(...args);
    this.child = spawn(command, words, {
      cwd: options.cwd,
      // CI may request colour, which would appear between the words.
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "", ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.err += chunk.toString()));
    this.#exit = once(this.child, "close");
  }

  /** The exit code, or the signal that ended it. */
  async ended(): Promise<unknown> {
    const [code, signal] = (await this.#exit) as [number | null, string | null];
    return code ?? signal;
  }

  /** Resolves when the output matches. @throws {Error} with the output if it ends before */
  async printed(pattern: RegExp, where: "out" | "err" = "out"): Promise<void> {
    const stream = where === "out" ? this.child.stdout! : this.child.stderr!;
    while (!pattern.test(this[where])) {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.err}`);
      await Promise.race([once(stream, "data"), this.#exit]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
