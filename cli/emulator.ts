import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import { shellQuoted } from "../provider/api/text/shellQuoted.js";
import { type Emulator, type RateLimit, type Seed, startEmulator } from "../emulator";
import { controlCalls } from "../emulator/control/control";
import { plainText } from "../emulator/instance/plainText";
import { exampleSeed } from "../emulator/seed/exampleSeed";
import { answerUnknowns } from "../emulator/unknowns/unknowns";
import { unknownsTable, withoutSwitch } from "../emulator/unknowns/unknownsTable";

interface Options {
  port?: number;
  host: string;
  data?: string;
  /** `true` if the option has no value. */
  rateLimit?: RateLimit | true;
  latency: number;
  seed?: SeedFile;
  example?: true;
  unknown: Record<string, string>;
  settingsFile?: string;
  log?: true;
  listUnknowns?: true;
}

interface SeedFile {
  path: string;
  seed: Seed;
}

const examples = `
Examples:
  $ pulumi-dt emulator --data dt.json          keeps its content in dt.json, and its address
  $ pulumi-dt emulator -- npm test             runs a command with the settings, then exits
  $ pulumi-dt emulator --settings-file dt.env &
  $ until [ -s dt.env ]; do sleep 0.1; done; . ./dt.env
  $ pulumi-dt emulator --unknown forbiddenAs=404 --rate-limit

The settings go to stdout, everything else to stderr. The access in it is not real; nothing is sent anywhere.
SIGINT, SIGTERM and SIGHUP end it cleanly: the data file has every change that was answered.
Exit codes: 0 ended by a signal, 1 error, 2 a wrong option. With a command, its exit code.`;

/**
 * The values of --unknown and the control calls for other programs. These lists are long, so the help shows them last.
 */
function reference(): string {
  const switches = Object.entries(unknownsTable).map(([name, entry]) => `  ${name}=${answersOf(entry)}`);
  const calls = controlCalls.map(
    ({ method, template, what }) => `  ${`${method} /_emulator/${template}`.padEnd(39)} ${what}`,
  );
  return [
    "",
    "Open questions, for --unknown; the default stands in parentheses, and --list-unknowns tells the questions:",
    ...switches,
    "",
    "Calls from other programs of this machine, on the same port; a GET of /_emulator lists them, too:",
    ...calls,
  ].join("\n");
}

/** `pulumi-dt emulator` */
export function command(): Command {
  return new Command("emulator")
    .description("Runs a local Disruptive Technologies cloud until it is interrupted.")
    .argument(
      "[command...]",
      "a command to run with the settings; the emulator ends with it, and with its exit code",
    )
    .option("--port <number>", "port to listen on; 0 is any (default: the data file's, or any)", port)
    .option("--host <address>", "address to listen on", given, "127.0.0.1")
    .option("--data <file>", "keep the cloud in this file between runs", given)
    .option("--rate-limit [requests/seconds]", "answer 429 above this rate (default: 25/5)", rate)
    .option("--latency <ms>", "delay every answer", milliseconds, 0)
    .option("--seed <file>", "JSON file with the initial content of the cloud", seedFile)
    .option("--example", "start with the company of the README, with the ids that it uses")
    .addOption(
      new Option(
        "--unknown <name=value>",
        "choose another behaviour for an undocumented API question (can be repeated)",
      )
        .argParser(unknown)
        .default({}, "none"),
    )
    .option("--list-unknowns", "print the undocumented API questions and their answers, then exit")
    .option("--settings-file <file>", "also write the settings to this file once the server is ready")
    .option("--log", "print every request")
    .addHelpText("after", examples)
    .addHelpText("after", reference)
    .action(async (words: string[], { listUnknowns, ...options }: Options) => {
      if (listUnknowns) console.log(unknownsText());
      else process.exitCode = await run(words, options);
    });
}

async function run(words: string[], options: Omit<Options, "listUnknowns">): Promise<number> {
  const { settingsFile, data, rateLimit } = options;
  const interrupted = interruption();
  if (settingsFile !== undefined) await rm(settingsFile, { force: true });
  const emulator = await startEmulator({
    ...(options.port === undefined ? {} : { port: options.port }),
    host: options.host,
    ...(data === undefined ? {} : { dataFile: data }),
    ...(rateLimit ? { rateLimit: rateLimit === true ? rate("25/5") : rateLimit } : {}),
    ...(options.example ? { seed: exampleSeed } : {}),
    ...(options.seed ? { seed: options.seed.seed } : {}),
    latencyMs: options.latency,
    unknowns: answerUnknowns(options.unknown),
    ...(options.log ? { log: (line) => console.error(line) } : {}),
    warn: (line) => console.error(`${pc.yellow("warning:")} ${line}`),
  }).catch((error: unknown) => {
    throw withSeedFile(error, options.seed);
  });
  try {
    const settings = exportLines(emulator);
    if (settingsFile !== undefined) await writeFile(settingsFile, settings, { mode: 0o600 });
    console.error(greeting(emulator, data));
    if (words.length > 0) return interrupted.aborted ? interruptedCode : await runCommand(words, emulator);
    console.error(pc.dim("Ctrl-C ends it."));
    process.stdout.write(settings);
    if (!interrupted.aborted) await once(interrupted, "abort");
    return 0;
  } finally {
    await emulator.close();
  }
}

/** The settings as shell commands. The secret is only valid for the emulator. */
const exportLines = ({ settings }: Emulator): string =>
  Object.entries(settings)
    .map(([name, value]) => `export ${name}=${shellQuoted(value)}\n`)
    .join("");

function greeting({ url, cloud }: Emulator, data: string | undefined): string {
  const line = ({ name, displayName }: { name: string; displayName: string }): string =>
    plainText(`  ${name}  ${displayName}`);
  const projects = cloud.projects.list().map(line);
  return [
    `${pc.bold("Emulator of Disruptive's cloud")} at ${url}, ${data ? `kept in ${data}` : "kept nowhere"}`,
    ...cloud.organizations.list().map(line),
    ...projects.slice(0, 20),
    ...(projects.length > 20 ? [`  and ${projects.length - 20} more`] : []),
  ].join("\n");
}

/**
 * A signal that the first SIGINT, SIGTERM or SIGHUP aborts. From now on these no longer end the process themselves: a
 * wrapper such as npx sends each one twice, and the second one must not interrupt the shutdown.
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => controller.abort());
  // The reader of the output may have ended, as `head` does after the first lines.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  return controller.signal;
}

/** The exit code of a command that was ended by SIGTERM. */
const interruptedCode = 128 + constants.signals.SIGTERM;

/** Adds the path of the seed file to an error about the seed. */
function withSeedFile(error: unknown, seed: SeedFile | undefined): unknown {
  if (!seed || !(error instanceof Error) || !error.message.startsWith("the seed is not right")) return error;
  return new Error(`${error.message} (${seed.path})`, { cause: error });
}

async function runCommand([file = "", ...args]: string[], emulator: Emulator): Promise<number> {
  const child = spawn(file, args, { stdio: "inherit", env: { ...process.env, ...emulator.settings } });
  // The terminal sends SIGINT to the child process, too. A signal that only this process gets must also end the child.
  const ignore = (): void => undefined;
  const end = (): void => void child.kill("SIGTERM");
  process.on("SIGINT", ignore).on("SIGTERM", end).on("SIGHUP", end);
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal ? constants.signals[signal] : 0);
  } finally {
    process.off("SIGINT", ignore).off("SIGTERM", end).off("SIGHUP", end);
  }
}

function unknownsText(): string {
  const rows = Object.entries(unknownsTable).map(([name, entry]) => {
    return `${pc.bold(name)} = ${answersOf(entry)}\n    ${entry.question}`;
  });
  const rest = withoutSwitch.map(({ question, why }) => `- ${question}: ${why}`);
  return [...rows, "", "Without a switch:", ...rest].join("\n");
}

/** The possible answers to an open question, with the default in parentheses: `403 | 404 (403)`. */
function answersOf(entry: (typeof unknownsTable)[keyof typeof unknownsTable]): string {
  const answers = "values" in entry ? entry.values.join(" | ") : `0 or more ${entry.unit}`;
  return `${answers} (${entry.default})`;
}

/** Refuses an empty value, which is what a script passes for an unset variable. */
function given(text: string): string {
  if (text === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

function port(text: string): number {
  const number = Number(text);
  if (text === "" || !Number.isInteger(number) || number < 0 || number > 65_535)
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return number;
}

function milliseconds(text: string): number {
  const number = Number(text);
  if (text === "" || !(number >= 0 && number < 2 ** 31))
    throw new InvalidArgumentError("It is a number of milliseconds.");
  return number;
}

function rate(text: string): RateLimit {
  const [requests = 0, perSeconds = 0, ...rest] = text.split("/").map(Number);
  if (!(requests >= 1 && perSeconds > 0 && Number.isFinite(requests * perSeconds)) || rest.length > 0)
    throw new InvalidArgumentError("It is requests/seconds, such as 25/5.");
  return { requests, perSeconds };
}

function unknown(text: string, before: Record<string, string>): Record<string, string> {
  const [name = "", ...value] = text.split("=");
  const after = { ...before, [name]: value.join("=") };
  try {
    answerUnknowns(after);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return after;
}

function seedFile(path: string): SeedFile {
  try {
    return { path, seed: JSON.parse(readFileSync(path, "utf8")) as Seed };
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read as JSON: ${(error as Error).message}`);
  }
}
