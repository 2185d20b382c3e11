import { execa } from "execa";
import { mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import pc from "picocolors";
import type { Emulator } from "../../emulator";

const REPOSITORY = resolve(__dirname, "../..");

/** The folder for everything that the demo keeps between runs, except the stack's configuration. */
export const DATA = join(REPOSITORY, ".demo");
export const DATA_FILE = join(DATA, "cloud.json");
/** Where Pulumi keeps the configuration of the stack `demo`. */
export const STACK_FILE = join(REPOSITORY, "Pulumi.demo.yaml");

interface Pulumi {
  /** Runs `pulumi ARGS…` for a person to watch. @returns its exit code */
  (...args: string[]): Promise<number>;
  /** Runs it, and shows the output only if it fails. */
  quietly(...args: string[]): Promise<number>;
}

/** Pulumi with the demo's own backend and the emulator's settings. */
export function pulumi(cli: string, emulator: Emulator): Pulumi {
  const state = join(DATA, "state");
  mkdirSync(state, { recursive: true });
  // Settings for a real cloud or a real stack must not affect the demo, and the demo must not affect them.
  const own = Object.entries(process.env).filter(([name]) => !/^(DT|PULUMI)_/.test(name));
  const env = {
    ...Object.fromEntries(own),
    ...emulator.settings,
    DT_RATE_LIMIT: "off",
    PATH: [cli, process.env.PATH].join(delimiter),
    PULUMI_HOME: join(DATA, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    DT_JOURNAL: join(DATA, "journal"),
    PULUMI_CONFIG_PASSPHRASE: "demo",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const run = async (args: string[], show: "inherit" | "pipe"): Promise<number> => {
    const child = execa("pulumi", ["--color", pc.isColorSupported ? "always" : "never", ...args], {
      cwd: REPOSITORY,
      env,
      extendEnv: false,
      stdin: "ignore",
      stdout: show,
      stderr: show,
      all: true,
      reject: false,
    });
    const { exitCode, all } = await outlivingInterrupts(child);
    if (exitCode !== 0 && all !== undefined) process.stderr.write(`${all}\n`);
    return exitCode;
  };
  return Object.assign((...args: string[]) => run(args, "inherit"), {
    quietly: (...args: string[]) => run(args, "pipe"),
  });
}

/**
 * Waits for Pulumi even when interrupted. A terminal interrupts Pulumi, too, and Pulumi then records what it
 * had started, for which it needs the emulator. A signal to this process alone must stop Pulumi as well.
 */
async function outlivingInterrupts<T>(
  child: Promise<T> & { kill(signal: NodeJS.Signals): unknown },
): Promise<T> {
  const ignore = (): void => undefined;
  const end = (): void => void child.kill("SIGTERM");
  process.on("SIGINT", ignore).on("SIGTERM", end).on("SIGHUP", end);
  try {
    return await child;
  } finally {
    process.off("SIGINT", ignore).off("SIGTERM", end).off("SIGHUP", end);
  }
}

/** How many requests have changed something since the log was cleared. Logins do not count. */
export function writes({ requests, tokenEndpoint }: Emulator): number {
  const login = new URL(tokenEndpoint).pathname;
  return requests.filter(({ method, path }) => method !== "GET" && path !== login).length;
}
