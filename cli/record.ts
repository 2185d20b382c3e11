import type { Command } from "commander";
import { acceptancesOf, type Acceptance } from "./findings/acceptance.js";
import { printable } from "../provider/api/text/foreignText.js";
import { compareWithCloud } from "./findings/compareWithCloud.js";
import {
  defaultBaseline,
  newBaseline,
  organizationsIn,
  writeBaseline,
  type Baseline,
} from "./findings/baseline.js";
import { logIn } from "./login.js";
import { credentialsNotes, logInFor, withCredentials } from "./credentials.js";
import { readStates, withStateOptions, type StateOptions } from "./state/source.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

interface Options extends StateOptions {
  readonly reason: string;
  readonly expires?: string;
  readonly baseline?: string;
  readonly credentials?: readonly string[];
  readonly all?: true;
}

const notes = `
Examples:
  $ pulumi-dt record projects/P/members/9201 --reason "audit by Example Ltd" --expires 2027-03-31
  $ pulumi-dt record --all --stack prod --reason "there before we declared anything" --expires 2027-06-30

An account is accepted with its current keys, and a membership with its role. A key that is created later, or a changed role, is
reported. record reads them with the credentials in the environment (DT_API_KEY_ID, DT_API_KEY_SECRET, DT_OIDC_EMAIL).
After the expiry date, an entry is reported again. Recording it again updates the reason and the date.
${credentialsNotes}
--credentials needs --all. Named access is read with the credentials in the environment.`;

/** `pulumi-dt record` */
export function command(): Command {
  return withCredentials(withStateOptions(new CheckingCommand("record")))
    .description("Accepts unmanaged things, by the ids that `pulumi-dt drift` shows, into the baseline.")
    .argument("[id...]", "API names")
    .option("--all", "everything that is unmanaged now")
    .requiredOption("--reason <text>", "why it doesn't have to be declared")
    .option("--expires <YYYY-MM-DD>", "the last day on which this applies (UTC)")
    .option("--baseline <file>", `the file to write (default: ${defaultBaseline})`)
    .addHelpText("after", notes)
    .action(run);
}

async function run(ids: readonly string[], options: Options): Promise<void> {
  const print = claimStdout();
  const { reason, expires, baseline: file } = options;
  if ((ids.length === 0) === (options.all === undefined))
    throw new Error("name what to accept, or pass --all");
  if (options.credentials !== undefined && !options.all)
    throw new Error(
      "--credentials needs --all: named access is read with the credentials in the environment",
    );
  const baseline = newBaseline(file);
  const accepted = options.all ? await unmanagedNow(options, baseline) : await named(ids);
  const entries = accepted.map((each) => ({
    ...each,
    reason,
    ...(expires === undefined ? {} : { expires }),
  }));
  const written = await writeBaseline(file, withEntries(baseline, entries));
  print(entries.map(({ id }) => `${printable(`${written}: accepts ${id}`)}\n`).join(""));
}

async function named(ids: readonly string[]): Promise<Acceptance[]> {
  const session = await logIn();
  const all: Acceptance[] = [];
  for (const id of ids) all.push(...(await acceptancesOf(id, session)));
  return all;
}

async function unmanagedNow(options: Options, baseline: Baseline): Promise<Acceptance[]> {
  const states = await readStates(options);
  const { session, byProvider } = await logInFor(states.stack, options.credentials);
  const { findings } = await compareWithCloud(states, session, {
    byProvider,
    readsAllKeys: true,
    alsoRead: organizationsIn(baseline),
  });
  const unread = findings.find(({ class: kind }) => kind === "unread");
  if (unread !== undefined) throw new Error(`${unread.id}: ${unread.message}`);
  return findings
    .filter(({ class: kind }) => kind === "unmanaged")
    .map(({ id, role }) => ({ id, ...(role === undefined ? {} : { role }) }));
}

/** Adds entries to a baseline. A new entry replaces an older one with the same id. */
function withEntries(baseline: Baseline, entries: Baseline["accepted"]): Baseline {
  const byId = new Map([...baseline.accepted, ...entries].map((entry) => [entry.id, entry]));
  return { ...baseline, accepted: [...byId.values()] };
}
