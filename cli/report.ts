import type { Command } from "commander";
import { printableJson } from "../provider/api/text/foreignText.js";
import { replaceFile } from "../files/replaceFile.js";
import { changesSince } from "./access/changes.js";
import { readCriteria, type CriteriaOptions } from "./access/criteria.js";
import { readEarlier } from "./access/earlier.js";
import { readOtherLists } from "./access/otherLists.js";
import type { AccessRecord } from "./access/record.js";
import { recordOf } from "./access/recordOf.js";
import { recordSchema } from "./access/schema.js";
import { defaultBaseline, readBaseline } from "./findings/baseline.js";
import { readFindings } from "./findings/readFindings.js";
import { drift, exitCodes, verdict } from "./findings/verdict.js";
import { reportOf } from "./formats/report.js";
import { page } from "./html/page.js";
import { durationTextOf } from "./dates.js";
import { credentialsNotes, logInFor, withCredentials } from "./credentials.js";
import { readStates, withStateOptions, type StateOptions } from "./state/source.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand, several } from "./subcommand.js";

interface Options extends StateOptions, CriteriaOptions {
  /** `true` if the option has no file. */
  readonly html?: string | true;
  readonly json?: string | true;
  readonly since?: string;
  readonly groupBy?: string;
  readonly baseline?: string;
  readonly credentials?: readonly string[];
  readonly printSchema?: true;
}

const notes = `
The page shows who can access the declared projects and organizations, with the role in the cloud and the declared role, when the
access ends, and how old the keys are. It is a single file that loads nothing from the network. The JSON is the record of a review:
keep it, and give it to the next report with --since. Both contain email addresses, so protect them accordingly.
Exit codes: 0 written, 1 error, 3 written, but something could not be read.

Examples:
  $ pulumi-dt report --stack prod --html access.html
  $ pulumi-dt report --stack prod --domain example.com --html access.html --json access-2027-01.json
  $ pulumi-dt report --stack prod --since access-2027-01.json --html access.html
${credentialsNotes}`;

/** `pulumi-dt report` */
export function command(): Command {
  return withCredentials(withStateOptions(new CheckingCommand("report")))
    .description("Writes who can access a stack's projects, as one page or as JSON.")
    .option(
      "--html [file]",
      "write a page to this file, which only you can read, or to standard output (the default)",
    )
    .option("--json [file]", "write the record as JSON to this file, or to standard output")
    .option("--since <file>", "show what changed since this earlier record (a file of --json)")
    .option(
      "--domain <domain>",
      "a mail domain of your company: people with another one are external (can be repeated)",
      several,
    )
    .option(
      "--key-age <duration>",
      "the age at which a key counts as old",
      durationTextOf("--key-age"),
      "90d",
    )
    .option(
      "--within <duration>",
      "access that ends within this time counts as ending soon",
      durationTextOf("--within"),
      "14d",
    )
    .option("--group-by <label>", "group the page's projects by this label (default: env or environment)")
    .option(
      "--baseline <file>",
      `the baseline of accepted access (default: ${defaultBaseline}, where there is one)`,
    )
    .option("--print-schema", "print the JSON Schema of --json, then exit")
    .addHelpText("after", notes)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const isTerminal = process.stdout.isTTY;
  const print = claimStdout();
  if (options.printSchema) {
    print(recordSchema);
    return;
  }
  const { json, html = json === undefined ? true : undefined } = options;
  if (html === true && json === true)
    throw new Error("standard output has room for one of --html and --json: give a file to one of them");
  if (html === true && isTerminal)
    throw new Error("the report is a page for a browser: write it to a file with --html FILE, or pipe it");
  const record = await recordFor(options);
  const write = async (to: string | true | undefined, text: () => string): Promise<void> => {
    if (to === true) print(text());
    else if (to !== undefined) await replaceFile(to, text(), { mode: 0o600 });
  };
  await write(json, () => printableJson(`${JSON.stringify(record, undefined, 2)}\n`));
  await write(html, () => page(record, options.groupBy));
  process.exitCode = record.summary.counts.unread > 0 ? exitCodes.incomplete : exitCodes.clean;
}

async function recordFor(options: Options): Promise<AccessRecord> {
  const criteria = readCriteria(options);
  const baseline = readBaseline(options.baseline);
  const states = await readStates(options);
  const logins = await logInFor(states.stack, options.credentials);
  const { apiUrl } = logins.session.settings;
  const { project, stack } = states.stack;
  const earlier =
    options.since === undefined ? undefined : await readEarlier(options.since, { project, stack, apiUrl });
  const { comparison, decided, places, asOf } = await readFindings(states, logins, baseline, options);
  const report = reportOf(comparison, decided, drift, verdict(decided.findings, drift));
  const others = await readOtherLists(comparison, places, logins);
  const record = recordOf({ comparison, decided, report, places, others, criteria, asOf, apiUrl });
  return earlier === undefined ? record : { ...record, changes: changesSince(earlier, record) };
}
