import type { Command } from "commander";
import { defaultBaseline, readBaseline } from "./findings/baseline.js";
import { classes } from "./findings/finding.js";
import { readFindings } from "./findings/readFindings.js";
import { withSelf } from "./findings/self.js";
import { drift, readFailOn, verdict } from "./findings/verdict.js";
import { formatNames, formats, isFormatName, readOut, writeOut, type FormatName } from "./formats/index.js";
import { jsonSchema } from "./formats/json.js";
import { reportOf } from "./formats/report.js";
import { table } from "./formats/table.js";
import { credentialsNotes, logInFor, withCredentials } from "./credentials.js";
import { readStates, withStateOptions, type StateOptions } from "./state/source.js";
import { claimStdout } from "./stdout.js";
import { durationTextOf } from "./dates.js";
import { endingWithin } from "./findings/ending.js";
import { CheckingCommand, optionOf, several } from "./subcommand.js";

interface Options extends StateOptions {
  readonly format?: readonly string[];
  readonly json?: true;
  readonly out?: readonly string[];
  readonly failOn: string;
  readonly within: string;
  readonly strict?: true;
  readonly credentials?: readonly string[];
  readonly baseline?: string;
  readonly allowEmpty?: true;
  readonly printSchema?: true;
}

const notes = `
The class unread always makes a run incomplete. The class self, the identity that Pulumi runs as, counts only with --strict.
Exit codes: 0 nothing found, 1 error, also for a wrong option, 2 drift, 3 incomplete: something could not be read, and no drift was found.

Examples:
  $ pulumi-dt drift --stack prod
  $ pulumi stack export | pulumi-dt drift --state -
  $ pulumi-dt drift --state state.json --out drift.json --out drift.sarif --format github

It only reads. It uses the credentials in the environment (DT_API_KEY_ID, DT_API_KEY_SECRET, DT_OIDC_EMAIL), not the stack
configuration. The role project.user in the declared projects is enough.
${credentialsNotes}`;

/** `pulumi-dt drift` */
export function command(): Command {
  return withCredentials(withStateOptions(new CheckingCommand("drift")))
    .description(
      "Compares what a stack declares with what exists: reports drift and access that is not declared.",
    )
    .addOption(
      optionOf("--format <name>", "how to print (can be repeated; default: table)", formatNames, several),
    )
    .option("--json", "the same as --format json")
    .option(
      "--out <[format=]file>",
      "also write a file; its extension can select the format (can be repeated)",
      several,
    )
    .addOption(
      optionOf(
        "--fail-on <classes>",
        "the classes that make the exit code 2, with commas, or none",
        [...classes, "none"],
        (value) => value,
      ).default(drift.join(",")),
    )
    .option(
      "--within <duration>",
      "list declared access that ends within this time; 0 lists none",
      durationTextOf("--within"),
      "14d",
    )
    .option(
      "--strict",
      "also report members that every project has by default (organization admins), and count the identity that Pulumi runs as",
    )
    .option(
      "--baseline <file>",
      `the baseline of accepted access (default: ${defaultBaseline}, where there is one)`,
    )
    .option("--allow-empty", "accept a state without pulumi-dt resources")
    .option("--print-schema", "print the JSON Schema of --format json, then exit")
    .addHelpText("after", notes)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const print = claimStdout();
  if (options.printSchema) {
    print(jsonSchema);
    return;
  }
  const outs = (options.out ?? []).map(readOut);
  const isStrict = options.strict === true;
  const failOn = withSelf(readFailOn(options.failOn), isStrict);
  const asked = [...(options.format ?? []), ...(options.json ? ["json"] : [])];
  const shown = [...new Set(asked.length === 0 ? ["table"] : asked)].map(readFormat);
  const baseline = readBaseline(options.baseline);
  const states = await readStates(options);
  const logins = await logInFor(states.stack, options.credentials);
  const { comparison, decided, places, asOf } = await readFindings(
    states,
    logins,
    baseline,
    options,
    isStrict,
  );
  if (comparison.coverage.declared.resources === 0 && !options.allowEmpty) {
    throw new Error(
      "the state holds nothing of pulumi-dt, so there is nothing to compare: is it the right stack? --allow-empty takes it as it is",
    );
  }
  const exitCode = verdict(decided.findings, failOn);
  const ending = endingWithin(options.within, asOf, comparison, places);
  const report = { ...reportOf(comparison, decided, failOn, exitCode), ending };
  for (const out of outs) writeOut(report, out);
  for (const format of shown) print(format === "table" ? table(report, print) : formats[format](report));
  process.exitCode = exitCode;
}

function readFormat(name: string): FormatName {
  if (isFormatName(name)) return name;
  throw new Error(`--format is one of ${formatNames.join(", ")}; not "${name}"`);
}
