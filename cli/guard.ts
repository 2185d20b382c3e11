import type { Command } from "commander";
import { printableJson, printableLines } from "../provider/api/text/foreignText.js";
import { exitCodes } from "./findings/verdict.js";
import { identitiesOf } from "./guard/identity.js";
import { judgePlan, renamingIn } from "./guard/judge.js";
import { readPlan } from "./guard/plan.js";
import { linesOf, type RenameReport } from "./guard/renameReport.js";
import { logIn } from "./login.js";
import { claimStdout } from "./stdout.js";
import { readGiven } from "./readGiven.js";
import { CheckingCommand, optionOf, several } from "./subcommand.js";

interface Options {
  readonly email?: readonly string[];
  readonly keyId?: readonly string[];
  readonly failOnRename: string;
  readonly json?: true;
}

const notes = `
Run it between preview and up, because Pulumi doesn't consult providers about planned deletions.
  $ pulumi preview --json | pulumi-dt guard && pulumi up --yes --skip-preview

It checks every identity that may run Pulumi: those in the environment (DT_OIDC_EMAIL, DT_API_KEY_ID, DT_CREDENTIALS_FILE), in the
stack configuration (dt:email, dt:keyId), of each dt.Provider in the preview, and in the options. A preview shows an unchanged
provider only with --show-sames. An empty option is an error. Resources with allowLockout: true are reported but allowed.

It also reads the events that PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true prints. They don't contain deletedWith, or the resource that
an input comes from, so some renames are only warnings. Don't keep the events: Pulumi writes secrets into them in clear text.

It also finds renames. To Pulumi, a renamed resource is one that is deleted and another one that is created. Each line shows the alias
to add to the program, and what \`pulumi up\` does without it. The exit code is 2 if a rename deletes a service account or a key and
creates another one. Other renames are warnings: the update fails before it deletes anything, or adopts the membership and keeps it.
  --fail-on-rename losing   (default) exit code 2 where an account or a key would be lost
  --fail-on-rename any      exit code 2 for every rename
  --fail-on-rename none     renames are only printed

Exit codes: 0 nobody is locked out and no rename loses anything, 1 error, also for a wrong option, 2 a lock-out or a loss, 3 not known.`;

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
    .addOption(
      optionOf(
        "--fail-on-rename <which>",
        "the renames that make the exit code 2",
        ["losing", "any", "none"],
        (value) => value,
      ).default("losing"),
    )
    .option("--json", "for programs")
    .addHelpText("after", notes)
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const print = claimStdout();
  const fails = failingRenames(options.failOnRename);
  const plan = readPlan(await readGiven(file));
  const identities = identitiesOf(options, plan);
  const judgement = await judgePlan(plan, renamingIn(plan), identities, async () => (await logIn()).api);
  const { lockouts, renames: reports, warnings, unread } = judgement;
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

/** Keeps the line's indentation. */
const printableLine = (line: string): string =>
  `${/^ */.exec(line)?.[0] ?? ""}${printableLines(line, 10_000)}\n`;

/** Reads which renames set the exit code to 2. @throws Error if the word is unknown */
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
