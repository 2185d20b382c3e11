import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { printable } from "../provider/api/text/foreignText.js";
import { resourceName } from "../provider/contract/inputs.js";
import { doorOf, doors, isOurs } from "../provider/stack/doors.js";
import { nameIn } from "../provider/stack/urns.js";
import { progressBar } from "./cloud/progress.js";
import { importingProvider, leftOutLine } from "./export/explicitProvider.js";
import { importFileOf } from "./export/importFile.js";
import { programOf } from "./export/program.js";
import { select } from "./export/selection.js";
import { compareWithCloud } from "./findings/compareWithCloud.js";
import { onlyProvider, usedProviders, withoutProviders } from "./findings/parts.js";
import { logIn } from "./login.js";
import type { StackState } from "./state/deployment.js";
import { readOtherStates, readStates, withStateOptions, type StateOptions } from "./state/source.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand, several } from "./subcommand.js";

interface Options extends StateOptions {
  readonly project?: readonly string[];
  readonly organization?: readonly string[];
  readonly out?: string;
  readonly importFile?: true;
  readonly provider?: string;
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

With --import-file, it writes a file for \`pulumi import --file\` instead, which works with the provider plugin in every language.
\`pulumi import\` reads the resources into the stack, protects them, and prints their code. Give the state of that stack, so that
nothing is imported twice. --provider names an explicit provider of the stack: the file then has what is undeclared in the places
that this provider manages, and imports it with this provider. Set the environment to the login of the same company.

Examples:
  $ pulumi-dt export --project c15j9p094l47cdv0o3pg --out index.ts
  $ pulumi-dt export --stack prod            unmanaged access in the projects that the stack uses
  $ pulumi-dt export --stack prod --import-file --out import.json && pulumi import --stack prod --file import.json`;

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
    .option("--import-file", "write a file for `pulumi import --file` instead of a program")
    .option("--provider <name>", "with --import-file: the explicit provider of the stack to import with")
    .option("--out <file>", "write there instead of standard output; not over a file that exists")
    .addHelpText("after", notes)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const print = claimStdout();
  if (options.provider !== undefined && !options.importFile)
    throw new Error("--provider needs --import-file: add the option `provider` to the program yourself");
  const alsoRead = [
    ...(options.project ?? []).map((id) => resourceName("projects")(id)),
    ...(options.organization ?? []).map((id) => resourceName("organizations")(id)),
  ];
  const hasState = [options.state, options.stack, options.cwd, options.provider].some(
    (each) => each !== undefined,
  );
  const states =
    hasState || alsoRead.length === 0
      ? await readStates(options)
      : { stack: nothing, others: await readOtherStates(options) };
  const provider =
    options.provider === undefined ? undefined : importingProvider(options.provider, states.stack);
  const session = await logIn();
  const bar = await progressBar("Reading");
  if (provider === undefined)
    for (const urn of usedProviders(states.stack))
      console.error(leftOutLine(urn, options.importFile === true));
  const { findings, inventory, outside, isAccountedFor } = await compareWithCloud(
    provider === undefined ? withoutProviders(states) : onlyProvider(states, provider),
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
      .filter(
        ({ class: kind, id }) =>
          ["unmanaged", "self"].includes(kind) && (options.keys || !id.includes("/keys/")),
      )
      .map(({ id }) => id),
  );
  const selection = select(inventory, outside.memberships, {
    isWanted: (name) => wanted.has(name),
    isDeclared: isAccountedFor,
    taken: states.stack.resources.map(({ urn }) => nameIn(urn)),
  });
  for (const line of selection.leftOut) console.error(`left out: ${printable(line)}`);
  const text = options.importFile
    ? importFileOf(selection, provider)
    : programOf(selection, npmPackageOf(states.stack));
  if (options.out === undefined) print(text);
  else writeFileSync(options.out, text, { flag: "wx" });
}

/** The package that the stack's program imports: the plugin's if all of its resources are the plugin's. */
function npmPackageOf({ resources }: StackState): string {
  const ours = resources.filter(({ type }) => isOurs(type));
  const isPlugin = ours.length > 0 && ours.every(({ type }) => doorOf(type) === doors.plugin);
  return (isPlugin ? doors.plugin : doors.dynamic).npmPackage;
}

/** The state of a stack that doesn't exist yet. */
const nothing: StackState = { project: "", stack: "", resources: [], pending: [] };
