import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { printable, printableJson } from "../provider/api/text/foreignText.js";
import { resourceName } from "../provider/contract/inputs.js";
import { doorOf, doors, isOurs } from "../provider/stack/doors.js";
import { nameIn } from "../provider/stack/urns.js";
import { progressBar } from "./cloud/progress.js";
import { titlesIn } from "./cloud/titles.js";
import { importingProvider, leftOutLine } from "./export/explicitProvider.js";
import { importFileOf, resourcesOf } from "./export/importFile.js";
import { programOf } from "./export/program.js";
import { proposePlaces } from "./export/proposePlaces.js";
import { select, type Selection } from "./export/selection.js";
import { compareWithCloud, type StackComparison } from "./findings/compareWithCloud.js";
import { onlyProvider, usedProviders, withoutProviders } from "./findings/parts.js";
import { logIn } from "./login.js";
import type { StackState } from "./state/deployment.js";
import {
  readOtherStates,
  readStates,
  withStateOptions,
  type StateOptions,
  type States,
} from "./state/source.js";
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
  readonly json?: true;
}

const notes = `
Without a state, it needs --project or --organization, and exports everything in it. With a state, it leaves out what is declared.
Names select only those things. They are API names, as \`pulumi-dt drift\` shows them.
The first \`pulumi up\` of the program adopts everything and changes nothing in the cloud. Standard error lists what a program can't
declare, such as a membership with two roles or an account without a name, and what to do about it. A key is adopted without its
secret, because the API shows a secret only once.
Every resource has protect: true, so neither \`pulumi destroy\` nor an edit removes what existed before. A comment at the top of the
program explains how to remove the protection.

With --import-file, it writes a file for \`pulumi import --file\` instead, which works with the provider plugin in every language.
\`pulumi import\` reads the resources into the stack, protects them, and prints their code. Give the state of that stack, so that
nothing is imported twice. --provider names an explicit provider of the stack: the file then has what is undeclared in the places
that this provider manages, and imports it with this provider. Set the environment to the login of the same company.

Examples:
  $ pulumi-dt export --project c15j9p094l47cdv0o3pg --out index.ts
  $ pulumi-dt export --stack prod            unmanaged access in the projects that the stack uses
  $ pulumi-dt export --stack prod --import-file --out import.json && pulumi import --stack prod --file import.json

Exit codes: 0 written, 1 error, also for a wrong option, or if something could not be read. Then nothing is written.`;

/** `pulumi-dt export` */
export function command(): Command {
  return withStateOptions(new CheckingCommand("export"))
    .description("Writes a TypeScript program that adopts what exists and is not declared.")
    .argument("[name...]", "only these things, such as projects/P/members/M")
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
    .option("--json", "print the resources, what is left out, and the program as JSON")
    .addHelpText("after", notes)
    .action(run);
}

async function run(things: readonly string[], options: Options): Promise<void> {
  const print = claimStdout();
  if (options.provider !== undefined && !options.importFile)
    throw new Error("--provider needs --import-file: add the option `provider` to the program yourself");
  const alsoRead = [
    ...(options.project ?? []).map((id) => resourceName("projects")(id)),
    ...(options.organization ?? []).map((id) => resourceName("organizations")(id)),
  ];
  const states = await statesFor(options, alsoRead);
  const provider =
    options.provider === undefined ? undefined : importingProvider(options.provider, states.stack);
  const session = await logIn();
  const bar = await progressBar("Reading");
  if (provider === undefined)
    for (const urn of usedProviders(states.stack))
      console.error(leftOutLine(urn, options.importFile === true));
  const [comparison, titles] = await Promise.all([
    compareWithCloud(
      provider === undefined ? withoutProviders(states) : onlyProvider(states, provider),
      session,
      { alsoRead, readsAllKeys: true, progress: bar.progress },
    ),
    titlesIn({ session, byProvider: new Map() }),
  ]).finally(bar.stop);
  const wanted = wantedOf(comparison, options, things);
  const selection = select(comparison.inventory, comparison.outside.memberships, {
    isWanted: (name) => wanted.has(name),
    isDeclared: comparison.isAccountedFor,
    taken: states.stack.resources.map(({ urn }) => nameIn(urn)),
    titles,
  });
  const text = options.importFile
    ? importFileOf(selection, provider)
    : programOf(selection, npmPackageOf(states.stack));
  if (options.out !== undefined) writeNew(options.out, text);
  if (options.json) {
    print(jsonOf(selection, text, options.out));
    return;
  }
  for (const { id, email, reason, remedy } of selection.leftOut) {
    const who = email === "" ? id : `${id} (${email})`;
    console.error(`left out: ${printable(`${who}: ${reason}`)}\n  ${printable(remedy)}`);
  }
  if (options.out === undefined) print(text);
}

/** The states. Without options that select one, a place is enough. */
async function statesFor(options: Options, places: readonly string[]): Promise<States> {
  const { state, stack, cwd, provider } = options;
  const hasState = [state, stack, cwd, provider].some((each) => each !== undefined);
  if (!hasState && places.length > 0) return { stack: nothing, others: await readOtherStates(options) };
  return hasState ? readStates(options) : readStates(options).catch(proposePlaces);
}

/** The API names of what to export. @throws Error if something could not be read, or is not undeclared */
function wantedOf(
  { findings }: StackComparison,
  { keys }: Options,
  things: readonly string[],
): ReadonlySet<string> {
  // A program without the access that could not be read would look complete.
  const unread = findings.find(({ class: kind }) => kind === "unread");
  if (unread !== undefined) throw new Error(`${unread.id}: ${unread.message}`);
  const undeclared = findings.filter(({ class: kind }) => kind === "unmanaged" || kind === "self");
  const names = new Set(undeclared.filter(({ kind }) => keys || kind !== "key").map(({ id }) => id));
  const strange = things.find((thing) => !names.has(thing));
  if (strange !== undefined)
    throw new Error(
      `${strange} is not undeclared in the places that were read, so it can't be exported: \`pulumi-dt drift\` shows what can`,
    );
  return things.length === 0 ? names : new Set(things);
}

function jsonOf(selection: Selection, text: string, file: string | undefined): string {
  const written = file === undefined ? { text } : { file };
  const document = { resources: resourcesOf(selection), leftOut: selection.leftOut, ...written };
  return `${printableJson(JSON.stringify(document, undefined, 2))}\n`;
}

/** @throws Error if the file exists or can't be written */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "EEXIST" ? "it exists already" : message;
    throw new Error(`--out ${printable(file)} can't be written: ${why}`, { cause: error });
  }
}

/** The package that the stack's program imports: the plugin's if all of its resources are the plugin's. */
function npmPackageOf({ resources }: StackState): string {
  const ours = resources.filter(({ type }) => isOurs(type));
  const isPlugin = ours.length > 0 && ours.every(({ type }) => doorOf(type) === doors.plugin);
  return (isPlugin ? doors.plugin : doors.dynamic).npmPackage;
}

/** The state of a stack that doesn't exist yet. */
const nothing: StackState = { project: "", stack: "", resources: [], pending: [] };
