import type { Command } from "commander";
import { printable } from "../provider/api/text/foreignText.js";
import { defaultBaseline, newBaseline, writeBaseline } from "./findings/baseline.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

interface Options {
  readonly reason: string;
  readonly expires?: string;
  readonly baseline?: string;
}

const notes = `
A pattern with @ matches emails, any other matches API names. * matches text within one part of a name, ** matches any text. A leading
! has no special meaning.

Examples:
  $ pulumi-dt ignore "*@disruptive-technologies.com" --reason "the vendor's support"
  $ pulumi-dt ignore "projects/p1/serviceaccounts/**" --reason "that team manages its own" --expires 2027-03-31`;

/** `pulumi-dt ignore` */
export function command(): Command {
  return new CheckingCommand("ignore")
    .description("Adds a pattern to the baseline. Unmanaged access that matches it is ignored.")
    .argument("<pattern>")
    .requiredOption("--reason <text>", "why they don't have to be declared")
    .option("--expires <YYYY-MM-DD>", "the last day on which this applies (UTC)")
    .option("--baseline <file>", `the file to write (default: ${defaultBaseline})`)
    .addHelpText("after", notes)
    .action(run);
}

async function run(pattern: string, { reason, expires, baseline: file }: Options): Promise<void> {
  const print = claimStdout();
  const baseline = newBaseline(file);
  const entry = { pattern, reason, ...(expires === undefined ? {} : { expires }) };
  const others = baseline.ignored.filter((other) => other.pattern !== pattern);
  const written = await writeBaseline(file, { ...baseline, ignored: [...others, entry] });
  print(`${printable(`${written}: ignores ${pattern}`)}\n`);
}
