import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(__dirname, "..", "..");
/** The module's address, because the command runs in folders that cannot see our packages. */
const tsx = pathToFileURL(require.resolve("tsx")).href;

/** One run of our command, directly from its source. */
export class Run {
  readonly child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  out = "";
  err = "";

  constructor(args: string[], options: { cwd: string; env?: Record<string, string> }) {
    this.child = spawn(process.execPath, ["--import", tsx, join(root, "cli", "index.ts"), ...args], {
      cwd: options.cwd,
      // Otherwise tsx would look for another project's tsconfig in the folder that it runs in.
      env: {
        ...process.env,
        // CI may request colour, which would appear between the words.
        NO_COLOR: "1",
        TSX_TSCONFIG_PATH: join(root, "tsconfig.json"),
        FORCE_COLOR: "",
        ...options.env,
      },
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
