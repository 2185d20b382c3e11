import type { Command } from "commander";
import { decisionDate } from "../provider/session/session.js";
import { progressBar } from "./cloud/progress.js";
import { titlesIn } from "./cloud/titles.js";
import { compareWithCloud } from "./findings/compareWithCloud.js";
import { applyBaseline, defaultBaseline, organizationsIn, readBaseline } from "./findings/baseline.js";
import { drift, exitCodes, verdict } from "./findings/verdict.js";
import { reportOf } from "./formats/report.js";
import { matrixOf } from "./html/matrix.js";
import { page } from "./html/page.js";
import { credentialsNotes, logInFor, withCredentials } from "./credentials.js";
import { readStates, withStateOptions, type StateOptions } from "./state/source.js";
import { replaceFile } from "../files/replaceFile.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

interface Options extends StateOptions {
  /** `true` if the option has no file. */
  readonly html: string | true;
  readonly baseline?: string;
  readonly credentials?: readonly string[];
}

const notes = `
The page shows who can access the declared projects and organizations, with which role, whether the access is declared, and how old
the keys are. It is a single file that loads nothing from the network. It contains email addresses, so protect it accordingly.
Exit codes: 0 written, 1 error, 3 written, but something could not be read.

Example:
  $ pulumi-dt report --stack prod --html access.html
${credentialsNotes}`;

/** `pulumi-dt report` */
export function command(): Command {
  return withCredentials(withStateOptions(new CheckingCommand("report")))
    .description("Writes the access matrix of a stack's projects as one page.")
    .option(
      "--html [file]",
      "as HTML, to this file, which only you can read, or to standard output (the default)",
      true,
    )
    .option(
      "--baseline <file>",
      `the baseline of accepted access (default: ${defaultBaseline}, where there is one)`,
    )
    .addHelpText("after", notes)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const print = claimStdout();
  const baseline = readBaseline(options.baseline);
  const states = await readStates(options);
  const logins = await logInFor(states.stack, options.credentials);
  const { session, byProvider } = logins;
  const asOf = await decisionDate(session.settings, () => session);
  const bar = await progressBar("Reading");
  const [comparison, titles] = await Promise.all([
    compareWithCloud(states, session, {
      readsAllKeys: true,
      alsoRead: organizationsIn(baseline),
      progress: bar.progress,
      byProvider,
    }),
    titlesIn(logins),
  ]).finally(bar.stop);
  const decided = applyBaseline(comparison.findings, baseline, asOf);
  const exitCode = verdict(decided.findings, drift);
  const text = page({
    report: reportOf(comparison, decided, drift, exitCode),
    matrix: matrixOf(comparison, decided.accepted, titles, asOf),
    asOf,
    apiUrl: session.settings.apiUrl,
  });
  if (options.html === true) print(text);
  else await replaceFile(options.html, text, { mode: 0o600 });
  const isPartial = decided.findings.some(({ class: kind }) => kind === "unread");
  process.exitCode = isPartial ? exitCodes.incomplete : exitCodes.clean;
}
