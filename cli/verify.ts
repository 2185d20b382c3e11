import { setTimeout } from "node:timers/promises";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import * as v from "valibot";
import { printable } from "../provider/api/foreignText.js";
import { LoginError } from "../provider/api/errors.js";
import { login } from "../provider/api/login.js";
import { hide } from "../provider/api/redact.js";
import type { Settings } from "../provider/api/settings.js";
import { milliseconds } from "../provider/duration.js";
import { readSettings } from "../provider/settings.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

const notes = `
Standard input is the JSON of a credentials file, as the vendor's clients read it (DT_CREDENTIALS_FILE) and as the output
\`credentials\` of a ServiceAccountKey holds it:
  {"serviceAccount": {"keyId", "secret", "email", "algorithm": "HS256", "tokenEndpoint"}}

Example:
  $ pulumi-dt verify < credentials.json

Exit codes: 0 they log in, 1 they do not, or that is not known. The secret is never printed.`;

/** `pulumi-dt verify` */
export function command(): Command {
  return new CheckingCommand("verify")
    .description("Logs in with the credentials on standard input, and prints whose they are.")
    .option("--wait <duration>", "go on trying for so long, such as 30s: a new key takes a moment", "0")
    .addHelpText("after", notes)
    .action(run);
}

async function run({ wait }: { wait: string }): Promise<void> {
  const print = claimStdout();
  const patience = milliseconds(wait);
  const settings = settingsFrom(await text(process.stdin));
  await logInWithin(patience, settings);
  print(
    printable(`${settings.email ?? ""} logs in with key ${settings.keyId} at ${settings.tokenEndpoint}`) +
      "\n",
  );
}

const filled = v.pipe(v.string(), v.nonEmpty());
const CredentialsFile = v.object({
  serviceAccount: v.object({
    keyId: filled,
    secret: filled,
    email: filled,
    algorithm: v.literal("HS256"),
    tokenEndpoint: filled,
  }),
});

function settingsFrom(input: string): Settings {
  const parsed = v.safeParse(v.pipe(v.string(), v.rawTransform(parse), CredentialsFile), input);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    // Not the value: it may be the secret.
    throw new Error(
      `standard input is no credentials file: ${v.getDotPath(issue) ?? "it"} is missing or malformed`,
    );
  }
  const { keyId, secret, email, tokenEndpoint } = parsed.output.serviceAccount;
  return readSettings(() => undefined, {
    DT_API_KEY_ID: keyId,
    DT_API_KEY_SECRET: hide(secret),
    DT_OIDC_EMAIL: email,
    DT_OIDC_TOKEN_ENDPOINT: tokenEndpoint,
    DT_ALLOW_INSECURE: process.env.DT_ALLOW_INSECURE,
  });
}

function parse({ dataset, addIssue, NEVER }: v.RawTransformContext<string>): unknown {
  try {
    return JSON.parse(dataset.value);
  } catch {
    addIssue({ message: "no JSON" });
    return NEVER;
  }
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
