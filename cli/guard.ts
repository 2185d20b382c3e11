import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { printable, printableJson } from "../provider/api/foreignText.js";
import { exitCodes } from "./findings/verdict.js";
import { checkAdmins } from "./guard/admins.js";
import { identitiesOf } from "./guard/identity.js";
import { ownLockouts, whyUnknown } from "./guard/lockouts.js";
import { readPlan } from "./guard/plan.js";
import { logIn } from "./login.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand, several } from "./subcommand.js";

interface Options {
  readonly email?: readonly string[];
  readonly keyId?: readonly string[];
  readonly json?: true;
}

const notes = `
Run it between preview and up: Pulumi asks no provider about a deletion before it is carried out.
  $ pulumi preview --json | pulumi-dt guard && pulumi up --yes --skip-preview

It takes as the identity that runs Pulumi whoever the environment (DT_OIDC_EMAIL, DT_API_KEY_ID), the preview's own configuration
(dt:email, dt:keyId) and the options name. Resources that say allowLockout: true are told of, and allowed.
Exit codes: 0 nobody is locked out, 1 error, 2 somebody would be, 3 that could not be known.`;

/** `pulumi-dt guard` */
export function command(): Command {
  return new CheckingCommand("guard")
    .description(
      "Tells which planned deletions, replacements and changes of `pulumi preview --json` would lock somebody out.",
    )
    .argument("[file]", "what `pulumi preview --json` wrote; - is standard input", "-")
    .option(
      "--email <email>",
      "an identity that runs Pulumi, such as a dt.Provider's (can be repeated)",
      several,
    )
    .option("--key-id <id>", "a key that Pulumi logs in with (can be repeated)", several)
    .option("--json", "for programs")
    .addHelpText("after", notes)
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const print = claimStdout();
  const { steps, config } = readPlan(file === "-" ? await text(process.stdin) : await readFile(file, "utf8"));
  const identities = identitiesOf(options, config);
  const own = ownLockouts(steps, identities);
  const unknown = whyUnknown(steps, identities);
  const admins = await checkAdmins(steps, async () => (await logIn()).api);
  const lockouts = [...own, ...admins.lockouts];
  const { warnings } = admins;
  const unread = [...(unknown === undefined ? [] : [unknown]), ...admins.unread];
  const exitCode = lockouts.some(({ isAllowed }) => !isAllowed)
    ? exitCodes.drift
    : unread.length > 0
      ? exitCodes.incomplete
      : exitCodes.clean;
  if (options.json) {
    print(`${printableJson(JSON.stringify({ exitCode, lockouts, warnings, unread }, undefined, 2))}\n`);
  } else {
    const lines = [
      ...lockouts.map(
        ({ urn, op, message, isAllowed }) =>
          `${isAllowed ? "allowed" : "LOCK-OUT"}: ${op} ${urn.split("::").slice(-2).join("::")} ${message}`,
      ),
      ...warnings.map((warning) => `warning: ${warning}`),
      ...unread.map((reason) => `could not read: ${reason}`),
      ...(lockouts.length + warnings.length + unread.length === 0 ? ["nobody would be locked out"] : []),
    ];
    print(lines.map((line) => `${printable(line)}\n`).join(""));
  }
  process.exitCode = exitCode;
}
