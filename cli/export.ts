import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { printable } from "../provider/api/text/foreignText.js";
import { resourceName } from "../provider/contract/inputs.js";
import { progressBar } from "./cloud/progress.js";
import { programOf } from "./export/program.js";
import { compareWithCloud } from "./findings/compareWithCloud.js";
import { usedProviders, withoutProviders } from "./findings/parts.js";
import { logIn } from "./login.js";
import type { StackState } from "./state/deployment.js";
import { readOtherStates, readStates, withStateOptions, type StateOptions } from "./state/source.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand, several } from "./subcommand.js";

interface Options extends StateOptions {
  readonly project?: readonly string[];
  readonly organization?: readonly string[];
  readonly out?: string;
  /** `false` with --no-keys. */
  readonly keys: boolean;
}

const notes = `
Without a state, it needs --project or --organization, and exports everything in it. With a state, it leaves out what is declared.
The first \`pulumi up\` of the program adopts everything and changes nothing in the cloud. Standard error lists what a program can't
declare, such as a membership with two roles or an account without a name. A key is adopted without its secret, because the API shows
a secret only once.
Every resource has protect: true, so neither \`pulumi destroy\` nor an edit removes what existed before. A comment at the top of the
program explains how to remove the protection.

Examples:
  $ pulumi-dt export --project c15j9p094l47cdv0o3pg --out index.ts
  $ pulumi-dt export --stack prod            unmanaged access in the projects that the stack uses`;

/** `pulumi-dt export` */
export function command(): Command {
  return withStateOptions(new CheckingCommand("export"))
    .description("Writes a TypeScript program that adopts what exists and is not declared.")
    .option("--project <id>", "a project to write of (can be repeated)", several)
    .option(
      "--organization <id>",
      "an organization whose administrators to write of (can be repeated)",
      several,
    )
    .option("--no-keys", "leave keys out")
    .option("--out <file>", "write there instead of standard output; not over a file that exists")
    .addHelpText("after", notes)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const print = claimStdout();
  const alsoRead = [
    ...(options.project ?? []).map((id) => resourceName("projects")(id)),
    ...(options.organization ?? []).map((id) => resourceName("organizations")(id)),
  ];
  const hasState = [options.state, options.stack, options.cwd].some((each) => each !== undefined);
  const states =
    hasState || alsoRead.length === 0
      ? await readStates(options)
      : { stack: nothing, others: await readOtherStates(options) };
  const session = await logIn();
  const bar = await progressBar("Reading");
  for (const name of usedProviders(states.stack)) {
    console.error(
      `left out: the places where only the provider ${printable(JSON.stringify(name))} declares something; export them by --project and --other-state, with its credentials in the environment`,
    );
  }
  const { findings, inventory, outside, isAccountedFor } = await compareWithCloud(
    withoutProviders(states),
    session,
    {
      alsoRead,
      readsAllKeys: true,
      progress: bar.progress,
    },
  ).finally(bar.stop);
  // A program without the access that could not be read would look complete.
  const unread = findings.find(({ class: kind }) => kind === "unread");
  if (unread !== undefined) throw new Error(`${unread.id}: ${unread.message}`);
  const wanted = new Set(
    findings
      .filter(({ class: kind, id }) => kind === "unmanaged" && (options.keys || !id.includes("/keys/")))
      .map(({ id }) => id),
  );
  const { text, leftOut } = programOf(
    inventory,
    outside.memberships,
    (name) => wanted.has(name),
    isAccountedFor,
  );
  for (const line of leftOut) console.error(`left out: ${printable(line)}`);
  if (options.out === undefined) print(text);
  else writeFileSync(options.out, text, { flag: "wx" });
}

/** The state of a stack that doesn't exist yet. */
const nothing: StackState = { project: "", stack: "", resources: [], pending: [] };
