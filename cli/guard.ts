import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { printableJson, printableLines } from "../provider/api/text/foreignText.js";
import { exitCodes } from "./findings/verdict.js";
import { checkAdmins } from "./guard/admins.js";
import { doubtsAbout } from "./guard/doubts.js";
import { identitiesOf } from "./guard/identity.js";
import { ownLockouts } from "./guard/lockouts.js";
import { readPlan } from "./guard/plan.js";
import { linesOf, reportRename, reportUndecided, type RenameReport } from "./guard/renameReport.js";
import { findRenames, withoutMoves } from "./guard/renames.js";
import { logIn } from "./login.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand, several } from "./subcommand.js";

interface Options {
  readonly email?: readonly string[];
  readonly keyId?: readonly string[];
  readonly failOnRename: string;
  readonly json?: true;
}

const notes = `
Run it between preview and up: Pulumi asks no provider about a deletion before it is carried out.
  $ pulumi preview --json | pulumi-dt guard && pulumi up --yes --skip-preview

It takes as the identity that runs Pulumi each one that the environment (DT_OIDC_EMAIL, DT_API_KEY_ID, DT_CREDENTIALS_FILE), the preview's own
configuration (dt:email, dt:keyId), the dt.Providers in the preview and the options name. A preview shows a provider that does not change only
with --show-sames. An option that is empty is an error. Resources that say allowLockout: true are reported, and allowed.

It also reads the stream of events that PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true makes of the preview. Events do not tell of deletedWith, nor
which resource an input comes from, so some renames are only warnings. Do not keep such a stream: Pulumi writes secrets into it in clear.

It also finds renames: the plan takes a thing away under one name and creates it under another. Pulumi does not see that the two are one.
Each line gives the alias to put into the program, and says what \`pulumi up\` does without it. A rename makes the exit code 2 where access
would be lost: a service account or a key that is deleted and created anew. Other renames are warnings: the update fails before
anything is deleted, or takes the membership over by adopt and keeps it.
  --fail-on-rename losing   (default) exit code 2 where an account or a key would be lost
  --fail-on-rename any      exit code 2 for every rename
  --fail-on-rename none     renames are only printed

Exit codes: 0 nobody is locked out and nothing is lost by a rename, 1 error, 2 somebody or something would be, 3 that could not be known.`;

/** `pulumi-dt guard` */
export function command(): Command {
  return new CheckingCommand("guard")
    .description(
      "Tells which planned deletions, replacements and changes of `pulumi preview --json` would lock somebody out, and which are renames.",
    )
    .argument("[file]", "what `pulumi preview --json` wrote; - is standard input", "-")
    .option(
      "--email <email>",
      "an identity that runs Pulumi, such as a dt.Provider's (can be repeated)",
      several,
    )
    .option("--key-id <id>", "a key that Pulumi logs in with (can be repeated)", several)
    .option(
      "--fail-on-rename <which>",
      "the renames that make the exit code 2: losing, any or none",
      "losing",
    )
    .option("--json", "for programs")
    .addHelpText("after", notes)
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const print = claimStdout();
  const fails = failingRenames(options.failOnRename);
  const plan = readPlan(file === "-" ? await text(process.stdin) : await readFile(file, "utf8"));
  const identities = identitiesOf(options, plan);
  const { renames, undecided } = findRenames(plan.steps);
  const steps = withoutMoves(plan.steps, renames);
  const own = ownLockouts(steps, identities);
  const doubts = doubtsAbout(steps, identities);
  const admins = await checkAdmins(steps, async () => (await logIn()).api);
  const lockouts = [...own, ...admins.lockouts];
  const all = new Map(plan.all.map((step) => [step.urn, step]));
  const reports = renames.map((rename) => reportRename(rename, all));
  const warnings = [...admins.warnings, ...undecided.map((each) => reportUndecided(each, all))];
  const unread = [...doubts, ...admins.unread];
  const isStopped = lockouts.some(({ isAllowed }) => !isAllowed) || reports.some(fails);
  const exitCode = isStopped ? exitCodes.drift : unread.length > 0 ? exitCodes.incomplete : exitCodes.clean;
  if (options.json) {
    print(
      `${printableJson(JSON.stringify({ exitCode, lockouts, renames: reports, warnings, unread }, undefined, 2))}\n`,
    );
  } else {
    const lines = [
      ...lockouts.map(
        ({ urn, op, message, isAllowed }) =>
          `${isAllowed ? "allowed" : "LOCK-OUT"}: ${op} ${urn.split("::").slice(-2).join("::")} ${message}`,
      ),
      ...reports.flatMap((report) => {
        const [first = "", ...rest] = linesOf(report);
        return [`${fails(report) ? "LOSS, rename" : "rename"}: give an alias: ${first}`, ...rest];
      }),
      ...warnings.map((warning) => `warning: ${warning}`),
      ...unread.map((reason) => `could not read: ${reason}`),
      ...(lockouts.length + reports.length + warnings.length + unread.length === 0
        ? ["nobody is locked out"]
        : []),
    ];
    print(lines.map(printableLine).join(""));
  }
  process.exitCode = exitCode;
}

/** Keeps what a line is indented by. */
const printableLine = (line: string): string =>
  `${/^ */.exec(line)?.[0] ?? ""}${printableLines(line, 10_000)}\n`;

/** Reads which renames make the exit code 2. @throws Error where the word is not one of them */
function failingRenames(which: string): (rename: RenameReport) => boolean {
  switch (which) {
    case "losing":
      return ({ outcome }) => outcome === "lost";
    case "any":
      return () => true;
    case "none":
      return () => false;
    default:
      throw new Error(`--fail-on-rename is losing, any or none; not "${which}"`);
  }
}
