import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../../emulator";
import { caller, type Login, type Reply } from "../../emulator/login";
import { stack, type CliProject, type CliRun, type CliStack } from "../harness/cli";
import { afterwards } from "../harness/scratch";

// A program of a dozen resources runs its engine at least five times.
jest.setTimeout(600_000);

const examples = resolve(__dirname, "../../../examples");

/**
 * A program from `examples/` in its own stack, with the packed package. The names in its `Pulumi.yaml` define
 * its configuration.
 */
export async function example(
  name: string,
  { config = {}, env = {}, ...project }: Omit<CliProject, "files">,
): Promise<CliStack> {
  return stack({
    ...project,
    files: filesOf(name),
    // The tests of the pages that show these programs check their types.
    env: { DT_RATE_LIMIT: "off", PULUMI_NODEJS_TRANSPILE_ONLY: "true", ...env },
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${name}:${key}`, value]),
    ),
  });
}

/** Changes a file of a stack's program. Fails if the text to replace is missing. */
export function edit(program: CliStack, file: string, from: string, to: string): void {
  const text = readFileSync(join(program.folder, file), "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  program.write(file, text.replace(from, to));
}

/** The files in an example's folder that git tracks, by name. */
export function filesOf(name: string): Record<string, string> {
  const folder = join(examples, name);
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !/^Pulumi\..+\.yaml$/.test(entry.name),
  );
  return Object.fromEntries(
    files.map((file) => [file.name, readFileSync(join(folder, file.name), "utf8")] as const),
  );
}

/** A cloud that closes after the tests of the file. */
export async function startCloud(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  afterwards(() => emulator.close());
  return emulator;
}

/** The id of a seeded project, by its display name. */
export function projectId({ cloud }: Emulator, displayName: string): string {
  const project = cloud.projects.list().find((each) => each.displayName === displayName);
  if (project === undefined) throw new Error(`there is no project "${displayName}"`);
  return project.name.slice("projects/".length);
}

/** Settings that run as an account, with its key. */
export const settingsOf = (emulator: Emulator, { keyId, secret, email }: Login): Record<string, string> => ({
  ...emulator.settings,
  DT_API_KEY_ID: keyId,
  DT_API_KEY_SECRET: secret,
  DT_OIDC_EMAIL: email,
});

/** The things that a logged-in account sees and may do. */
export interface Visitor {
  /** The display names of the projects in `GET /projects`. */
  projects(): Promise<string[]>;
  /** Only the status code of the API's answer. */
  status(method: string, path: string, body?: unknown): Promise<number>;
}

/** Logs in to the cloud with a credentials file of the vendor's clients, or with a key. */
export async function visit(emulator: Emulator, credentials: unknown): Promise<Visitor> {
  const call = await caller(emulator, loginOf(credentials));
  return {
    async projects() {
      const { status, body } = await call("GET", "projects");
      if (status !== 200) throw new Error(`GET projects: ${status}`);
      return (body.projects as { displayName: string }[]).map(({ displayName }) => displayName);
    },
    status: async (...request) => (await call(...request)).status,
  };
}

/** Whether a credentials file or a key can still log in. */
export async function logsIn(emulator: Emulator, credentials: unknown): Promise<boolean> {
  const answer: Reply = await (await caller(emulator, loginOf(credentials)))("GET", "projects");
  return answer.status === 200;
}

function loginOf(credentials: unknown): Login {
  if (typeof credentials !== "string") return credentials as Login;
  return (JSON.parse(credentials) as { serviceAccount: Login }).serviceAccount;
}

/** Runs a command that must succeed. */
export async function must(run: Promise<CliRun>): Promise<CliRun> {
  const result = await run;
  if (result.exitCode !== 0) throw new Error(`exit code ${result.exitCode}\n${result.text}`);
  return result;
}

/** The stack's outputs, with secrets in plaintext. */
export async function outputsOf(program: CliStack): Promise<Record<string, unknown>> {
  const { stdout } = await must(program.run("stack", "output", "--json", "--show-secrets"));
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Expects that the engine sees no changes after it has read the cloud. */
export const expectQuiet = (program: CliStack): Promise<CliRun> =>
  must(program.preview("--refresh", "--expect-no-changes"));
