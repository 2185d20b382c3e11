import { execa } from "execa";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProviderWatch } from "./provider";

/** The cost of one engine command. */
export interface Effort {
  readonly seconds: number;
  /** Peak resident memory of the process that runs the provider, in MB. */
  readonly providerMb: number | undefined;
  /** The size of the state after the command. */
  readonly stateBytes: number;
}

/** A new stack, on a file backend that writes its state once, at the end. */
export interface Stack {
  /** Runs `pulumi ARGS…`. @throws Error with the output if it fails */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Effort>;
}

/**
 * @param folder holds the programs
 * @param program which of them runs
 * @param cli the folder of the `pulumi` command
 * @param env for the engine and every process that it starts
 */
export async function newStack(
  folder: string,
  program: string,
  cli: string,
  env: Readonly<Record<string, string>>,
): Promise<Stack> {
  const own = join(folder, `stack-${process.pid}`);
  const state = join(own, "state");
  mkdirSync(state, { recursive: true });
  // The dynamic provider starts in this folder and resolves its modules from here.
  const settings = {
    name: "bench",
    runtime: { name: "nodejs", options: { typescript: false } },
    main: join(folder, "programs"),
    plugins: { providers: [{ name: "disruptive", path: join(folder, "plugin") }] },
  };
  writeFileSync(join(own, "Pulumi.yaml"), JSON.stringify(settings));
  const mark = `PULUMI_DT_BENCH=${process.pid}`;
  const fixed = {
    PATH: `${cli}:${process.env.PATH ?? ""}`,
    HOME: process.env.HOME ?? "",
    PULUMI_HOME: join(own, "home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The time to rewrite the whole state at each step would hide everything else.
    PULUMI_SKIP_CHECKPOINTS: "true",
    PULUMI_DT_BENCH: String(process.pid),
    DT_JOURNAL: join(own, "journal"),
    BENCH_PROGRAM: program === "usual" ? "../usual" : `./${program}`,
    ...env,
  };

  const run: Stack["run"] = async (args, extra = {}) => {
    const watch = new ProviderWatch(mark);
    const start = performance.now();
    const { all, exitCode } = await execa("pulumi", [...args, "--non-interactive", "--cwd", own], {
      env: { ...fixed, ...extra },
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
      maxBuffer: 1e9,
    });
    const seconds = (performance.now() - start) / 1000;
    const providerMb = watch.end();
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")}: ${exitCode}\n${(all ?? "").slice(-3000)}`);
    const { size: stateBytes } = statSync(join(state, ".pulumi/stacks/bench/bench.json"));
    return { seconds, providerMb, stateBytes };
  };
  await run(["stack", "init", "bench"]);
  return { run };
}
