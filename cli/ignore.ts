import type { Command } from "commander";
import { printable, printableJson } from "../provider/api/text/foreignText.js";
import { dayOf } from "./dates.js";
import { defaultBaseline, newBaseline, writeBaseline } from "./findings/baseline.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

interface Options {
  readonly reason: string;
  readonly expires?: string;
  readonly baseline?: string;
  readonly json?: true;
}

const notes = `
A pattern with @ matches emails, any other matches API names. * matches text within one part of a name, ** matches any text. A leading
! has no special meaning.

Examples:
  $ pulumi-dt ignore "*@disruptive-technologies.com" --reason "the vendor's support"
  $ pulumi-dt ignore "projects/p1/serviceaccounts/**" --reason "that team manages its own" --expires 2027-03-31

It reads and writes only the baseline file. Exit codes: 0 written, 1 error, also for a wrong option.`;

/** `pulumi-dt ignore` */
export function command(): Command {
  return new CheckingCommand("ignore")
    .description("Adds a pattern to the baseline. Unmanaged access that matches it is ignored.")
    .argument("<pattern>")
    .requiredOption("--reason <text>", "why they don't have to be declared")
    .option("--expires <YYYY-MM-DD>", "the last day on which this applies (UTC)", dayOf("--expires"))
    .option("--baseline <file>", `the file to write (default: ${defaultBaseline})`)
    .option("--json", "print what was written as JSON")
    .addHelpText("after", notes)
    .action(run);
}

async function run(pattern: string, { reason, expires, baseline: file, json }: Options): Promise<void> {
  const print = claimStdout();
  const baseline = newBaseline(file);
  const entry = { pattern, reason, ...(expires === undefined ? {} : { expires }) };
  const others = baseline.ignored.filter((other) => other.pattern !== pattern);
  const written = await writeBaseline(file, { ...baseline, ignored: [...others, entry] });
  if (json) {
    print(`${printableJson(JSON.stringify({ file: written, ignored: [entry] }, undefined, 2))}\n`);
    return;
  }
  print(`${printable(`${written}: ignores ${pattern}`)}\n`);
}
