import type { Command } from "commander";
import { idOf, parentOf } from "../provider/api/reads/find.js";
import { canonicalEmail } from "../provider/api/text/email.js";
import { collectionsOf } from "../provider/api/text/resourceNames.js";
import { printable, printableJson } from "../provider/api/text/foreignText.js";
import { progressBar } from "./cloud/progress.js";
import { credentialsNotes, logInFor, withCredentials } from "./credentials.js";
import { dayOf } from "./dates.js";
import { acceptedBy, checkWords } from "./findings/acceptable.js";
import {
  defaultBaseline,
  newBaseline,
  organizationsIn,
  writeBaseline,
  type Baseline,
} from "./findings/baseline.js";
import { compareWithCloud } from "./findings/compareWithCloud.js";
import type { Finding } from "./findings/finding.js";
import { readStates, withStateOptions, type StateOptions } from "./state/source.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

interface Options extends StateOptions {
  readonly reason: string;
  readonly expires?: string;
  readonly baseline?: string;
  readonly credentials?: readonly string[];
  readonly all?: true;
  readonly strict?: true;
  readonly json?: true;
}

const notes = `
It compares the stack with the cloud, as \`pulumi-dt drift\` does, and refuses what is declared or does not exist. It changes only the
baseline file.

Examples:
  $ pulumi-dt record projects/P/members/9201 --stack prod --reason "audit by Example Ltd" --expires 2027-03-31
  $ pulumi-dt record anna@example.com --stack prod --reason "on call"
  $ pulumi-dt record --all --stack prod --reason "there before we declared anything" --expires 2027-06-30

An account is accepted with its current keys, and a membership with its role. A key that is created later, or a changed role, is
reported. After the expiry date, an entry is reported again. Recording it again updates the reason and the date.
--all leaves out the identity that Pulumi runs as, which drift does not count. With --strict, both include it.

Exit codes: 0 recorded, 1 error, also for a wrong option, or refused. A refusal writes nothing.
${credentialsNotes}`;

/** `pulumi-dt record` */
export function command(): Command {
  return withCredentials(withStateOptions(new CheckingCommand("record")))
    .description("Accepts access that is not declared: writes it into the baseline, with a reason.")
    .argument("[name...]", "API names, as `pulumi-dt drift` shows them, or emails that fit one finding")
    .option("--all", "everything that is unmanaged now")
    .option("--strict", "also what `pulumi-dt drift --strict` reports")
    .requiredOption("--reason <text>", "why it doesn't have to be declared")
    .option("--expires <YYYY-MM-DD>", "the last day on which this applies (UTC)", dayOf("--expires"))
    .option("--baseline <file>", `the file to write (default: ${defaultBaseline})`)
    .option("--json", "print what was recorded as JSON")
    .addHelpText("after", notes)
    .action(run);
}

async function run(words: readonly string[], options: Options): Promise<void> {
  const print = claimStdout();
  const { reason, expires, baseline: file } = options;
  if ((words.length === 0) === (options.all === undefined))
    throw new Error("name what to accept, or pass --all");
  checkWords(words);
  const baseline = newBaseline(file);
  const entries = (await undeclared(words, options, baseline)).map(({ id, role }) => ({
    id,
    ...(role === undefined ? {} : { role }),
    reason,
    ...(expires === undefined ? {} : { expires }),
  }));
  const written = await writeBaseline(file, withEntries(baseline, entries));
  if (options.json) {
    print(`${printableJson(JSON.stringify({ file: written, accepted: entries }, undefined, 2))}\n`);
    return;
  }
  print(entries.map(({ id }) => `${printable(`${written}: accepts ${id}`)}\n`).join(""));
}

/** The findings that the words name, or all of them. */
async function undeclared(
  words: readonly string[],
  options: Options,
  baseline: Baseline,
): Promise<readonly Finding[]> {
  const states = await readStates(options);
  const { session, byProvider } = await logInFor(states.stack, options.credentials);
  const bar = await progressBar("Reading");
  const comparison = await compareWithCloud(states, session, {
    byProvider,
    isStrict: options.strict === true,
    readsAllKeys: words.length === 0,
    readsKeysOf: (account) => words.some((word) => isAbout(word, account)),
    alsoRead: [...organizationsIn(baseline), ...organizationsNamed(words)],
    progress: bar.progress,
  }).finally(bar.stop);
  if (words.length > 0) return acceptedBy(words, comparison, session.identity);
  const unread = comparison.findings.find(({ class: kind }) => kind === "unread");
  if (unread !== undefined) throw new Error(`${unread.id}: ${unread.message}`);
  const own = comparison.findings.filter(({ class: kind }) => kind === "self");
  if (own.length > 0 && !options.strict) {
    console.error(
      `not recorded: the identity that Pulumi runs as (${session.identity}), which is no drift. --strict records it, too`,
    );
  }
  return comparison.findings.filter(
    ({ class: kind }) => kind === "unmanaged" || (kind === "self" && options.strict === true),
  );
}

/** Whether a word is the name or the email of an account, or the name of a key of it. */
const isAbout = (word: string, account: string): boolean =>
  word === account ||
  word.startsWith(`${account}/keys/`) ||
  canonicalEmail(word).split("@")[0] === idOf(account);

/** Drift reads an organization whose members the baseline accepts, so new ones can be named. */
const organizationsNamed = (words: readonly string[]): string[] =>
  words.filter((word) => collectionsOf(word) === "organizations/members").map(parentOf);

/** Adds entries to a baseline. A new entry replaces an older one with the same id. */
function withEntries(baseline: Baseline, entries: Baseline["accepted"]): Baseline {
  const byId = new Map([...baseline.accepted, ...entries].map((entry) => [entry.id, entry]));
  return { ...baseline, accepted: [...byId.values()] };
}
