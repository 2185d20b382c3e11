import { execa, type ExecaChildProcess } from "execa";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SECRETS_PROVIDER } from "../../standins/vault";
import { engineEnvironment, storedState } from "./environment";
import { packedProject, pluginFolder } from "./packed";
import { afterwards, scratchFolder } from "./scratch";

/** The contents and settings of a project folder. */
export interface CliProject {
  /** The text of each file, by its path in the project. `Pulumi.yaml` and `package.json` are created if not given. */
  files: Record<string, string>;
  /** Environment variables, such as `emulator.settings`. */
  env?: Record<string, string>;
  /** The stack's configuration in plaintext, by full key such as `dt:email`. */
  config?: Record<string, string>;
  /** The stack's configuration that Pulumi encrypts. */
  secrets?: Record<string, string>;
  /** Options of the Node.js runtime in `Pulumi.yaml`, such as `{ nodeargs: "--import tsx" }`. */
  runtimeOptions?: Record<string, unknown>;
  /** Fields of `package.json`, such as `{ type: "module" }`. */
  packageJson?: Record<string, unknown>;
}

/** The result of a command. */
export interface CliRun {
  /** -1 if it was killed. */
  exitCode: number;
  stdout: string;
  stderr: string;
  /** stdout and stderr as a person would see them. */
  text: string;
  /** stdout, parsed as one JSON document. @throws if it is not JSON */
  json(): unknown;
}

/** A stack of a project folder. The `pulumi` binary runs it, as a person would. */
export interface CliStack {
  readonly folder: string;
  /** May be changed between commands. */
  readonly env: Record<string, string>;
  /** Replaces a file of the project. */
  write(file: string, text: string): void;
  /** Runs `pulumi ARGS…`; never throws on an exit code. */
  run(...args: string[]): Promise<CliRun>;
  /** Starts `pulumi ARGS…` and returns the process, so that a test can interrupt or kill it. */
  start(...args: string[]): ExecaChildProcess;
  up(...args: string[]): Promise<CliRun>;
  preview(...args: string[]): Promise<CliRun>;
  refresh(...args: string[]): Promise<CliRun>;
  destroy(...args: string[]): Promise<CliRun>;
  /** The stored state, unchanged. */
  stateText(): string;
}

/** Creates a plain project with the packed package installed, and a stack in it. */
export async function stack(project: CliProject): Promise<CliStack> {
  const folder = scratchFolder("project");
  const env = await engineEnvironment(scratchFolder("engine"), project.env);
  // Hosts from Go modules ignore the option `typescript`, so the preloaded script gives it to the program as well.
  if (isPlainJavaScript(project)) env.TEST_WITHOUT_TYPESCRIPT = "true";
  for (const [file, text] of Object.entries({ ...(await scaffold(project)), ...project.files }))
    writeIn(folder, file, text);
  symlinkSync(join(await packedProject(), "node_modules"), join(folder, "node_modules"));
  return stackIn(folder, env, project);
}

function writeIn(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Creates a stack in a folder that is a project already, in any language. */
export async function stackIn(
  folder: string,
  env: Record<string, string>,
  { config: plain, secrets }: Pick<CliProject, "config" | "secrets"> = {},
): Promise<CliStack> {
  const start = (...args: string[]) => {
    const child = execa("pulumi", args, { cwd: folder, env, stdin: "ignore", all: true, reject: false });
    afterwards(() => child.kill("SIGKILL"));
    return child;
  };
  const run = async (...args: string[]): Promise<CliRun> => {
    const { exitCode, stdout, stderr, all = "" } = await start(...args, "--non-interactive");
    return { exitCode, stdout, stderr, text: all, json: () => JSON.parse(stdout) as unknown };
  };
  const must = async (...args: string[]): Promise<CliRun> => {
    const result = await run(...args);
    if (result.exitCode !== 0)
      throw new Error(`pulumi ${args.join(" ")}: ${result.exitCode}\n${result.text}`);
    return result;
  };

  await must("stack", "init", "test", "--secrets-provider", SECRETS_PROVIDER);
  const values = (flag: string, entries: Record<string, string> = {}) =>
    Object.entries(entries).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  const config = [...values("--plaintext", plain), ...values("--secret", secrets)];
  if (config.length > 0) await must("config", "set-all", ...config);
  return {
    folder,
    env,
    write: (file, text) => writeIn(folder, file, text),
    run,
    start,
    up: (...args) => run("up", "--yes", "--skip-preview", ...args),
    preview: (...args) => run("preview", ...args),
    refresh: (...args) => run("refresh", "--yes", "--skip-preview", ...args),
    destroy: (...args) => run("destroy", "--yes", "--skip-preview", ...args),
    stateText: () => storedState(env),
  };
}

/** Such a program need not load a compiler, which takes a third of its time to start. */
const isPlainJavaScript = ({ files }: CliProject): boolean =>
  "index.js" in files && !Object.keys(files).some((file) => /\.[cm]?tsx?$/.test(file));

async function scaffold(project: CliProject): Promise<Record<string, string>> {
  const { runtimeOptions = {}, packageJson = {} } = project;
  const typescript = isPlainJavaScript(project) ? { typescript: false } : {};
  const runtime = { name: "nodejs", options: { packagemanager: "npm", ...typescript, ...runtimeOptions } };
  const dependencies = { "pulumi-dt": "*", "@pulumi/pulumi": "*", typescript: "*" };
  const plugins = { providers: [{ name: "disruptive", path: await pluginFolder() }] };
  return {
    // JSON is valid YAML.
    "Pulumi.yaml": JSON.stringify({ name: "test", runtime, plugins }),
    "package.json": JSON.stringify({ name: "test", private: true, dependencies, ...packageJson }),
  };
}
