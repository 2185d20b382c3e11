import { setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { printable, printableJson } from "../provider/api/text/foreignText.js";
import { LoginError } from "../provider/api/http/errors.js";
import { login } from "../provider/api/http/login.js";
import type { Settings } from "../provider/api/http/settings.js";
import { parseCredentials } from "../provider/session/credentialsFile.js";
import { readSettings } from "../provider/session/settings.js";
import { durationOf } from "./dates.js";
import { endInTime } from "./deadline.js";
import { readGiven } from "./readGiven.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

const notes = `
The input is the JSON of a credentials file (DT_CREDENTIALS_FILE), which is also the output \`credentials\` of a
ServiceAccountKey:
  {"serviceAccount": {"keyId", "secret", "email", "algorithm": "HS256", "tokenEndpoint"}}

Example:
  $ pulumi-dt verify credentials.json
  $ pulumi stack output credentials --show-secrets | pulumi-dt verify

Exit codes: 0 the login works, 1 it fails or could not be tried, also for a wrong option. The secret is never printed.`;

/** `pulumi-dt verify` */
export function command(): Command {
  return new CheckingCommand("verify")
    .argument("[file]", "the credentials file; - for standard input", "-")
    .description("Logs in with the credentials in a file or on standard input, and prints whose they are.")
    .option(
      "--wait <duration>",
      "keep trying for this long, such as 30s: a new key takes a moment",
      durationOf("--wait"),
      0,
    )
    .option("--json", "print whose they are as JSON")
    .addHelpText("after", notes)
    .action(run);
}

interface Options {
  /** Milliseconds. */
  readonly wait: number;
  readonly json?: true;
}

async function run(file: string, { wait, json }: Options): Promise<void> {
  const print = claimStdout();
  const settings = settingsFrom(await readGiven(file), file);
  endInTime();
  await logInWithin(wait, settings);
  const { email = null, keyId, tokenEndpoint } = settings;
  if (json) {
    print(`${printableJson(JSON.stringify({ email, keyId, tokenEndpoint }, undefined, 2))}\n`);
    return;
  }
  print(`${printable(`${email ?? ""} logs in with key ${keyId} at ${tokenEndpoint}`)}\n`);
}

function settingsFrom(input: string, file: string): Settings {
  const source = file === "-" ? "standard input" : printable(file);
  const given = parseCredentials(input, source);
  const what = `the values ${file === "-" ? "on" : "in"} ${source}`;
  return readSettings(() => undefined, environment(), { what, ...given });
}

/** The environment variables that configure requests. The key and the API come from the input. */
function environment(): NodeJS.ProcessEnv {
  const { DT_ALLOW_INSECURE, DT_DEADLINE, DT_REQUEST_TIMEOUT, DT_RETRY_DELAY } = process.env;
  return { DT_ALLOW_INSECURE, DT_DEADLINE, DT_REQUEST_TIMEOUT, DT_RETRY_DELAY };
}

async function logInWithin(patience: number, settings: Settings): Promise<void> {
  const deadline = Date.now() + patience;
  for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
    try {
      await login(settings).authorization();
      return;
    } catch (error) {
      if (!(error instanceof LoginError) || Date.now() + pause > deadline) throw error;
      await setTimeout(pause);
    }
  }
}
