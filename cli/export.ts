import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { printable } from "../provider/api/text/foreignText.js";
import { resourceName } from "../provider/contract/inputs.js";
import { progressBar } from "./cloud/progress.js";
import { programOf } from "./export/program.js";
import { assess } from "./findings/assess.js";
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
  /** False with --no-keys. */
  readonly keys: boolean;
}

const notes = `
Without a state it needs --project or --organization, and takes what is there; with one it leaves out what is declared already.
The first \`pulumi up\` of what it writes changes nothing in the cloud: it takes things over as they are. What no program can declare
(a membership with two roles, an account without a name) is left out, and said on standard error.
A key is taken over without its secret, which the API tells only once.
Every resource is protected (protect: true), so that neither \`pulumi destroy\` nor an edit removes what was there before; a comment at
the top of the program says how to take the protection off.

Examples:
  $ pulumi-dt export --project c15j9p094l47cdv0o3pg --out index.ts
  $ pulumi-dt export --stack prod            what is unmanaged in the places where that stack declares something`;

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
  const { findings, inventory, elsewhere, isAccountedFor } = await assess(withoutProviders(states), session, {
    alsoRead,
    readsAllKeys: true,
    progress: bar.progress,
  }).finally(bar.stop);
  // A program that lacks what could not be read would look complete.
  const unread = findings.find(({ class: kind }) => kind === "unread");
  if (unread !== undefined) throw new Error(`${unread.id}: ${unread.message}`);
  const wanted = new Set(
    findings
      .filter(({ class: kind, id }) => kind === "unmanaged" && (options.keys || !id.includes("/keys/")))
      .map(({ id }) => id),
  );
  const { text, leftOut } = programOf(
    inventory,
    elsewhere.memberships,
    (name) => wanted.has(name),
    isAccountedFor,
  );
  for (const line of leftOut) console.error(`left out: ${printable(line)}`);
  if (options.out === undefined) print(text);
  else writeFileSync(options.out, text, { flag: "wx" });
}

/** The state of a stack that is still to be. */
const nothing: StackState = { project: "", stack: "", resources: [], pending: [] };
