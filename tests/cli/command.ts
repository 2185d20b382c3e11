import { execa } from "execa";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { installed } from "./installed";

const root = resolve(__dirname, "../..");

/** The result of a command, and the text that a person saw. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pulumi-dt ARGS…` as its own process, with only these variables of our environment. */
export async function cli(
  args: readonly string[],
  { env = {}, input = "", cwd }: { env?: Record<string, string>; input?: string; cwd?: string } = {},
): Promise<Run> {
  const [command, ...words] = installed(...args);
  const { exitCode, stdout, stderr } = await execa(command, words, {
    cwd: cwd ?? root,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", DT_RATE_LIMIT: "off", ...env },
    extendEnv: false,
    input,
    reject: false,
    stripFinalNewline: false,
  });
  return { exitCode, stdout, stderr };
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A new empty folder, removed after the tests of the file. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "pulumi-dt-cli-"));
  folders.push(made);
  return made;
}

/** A text that matches, for use inside an expected object. */
export const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

/** A text that contains this, for use inside an expected object. */
export const containing = (text: string): string => expect.stringContaining(text) as string;
