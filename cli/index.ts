#!/usr/bin/env node
import "../files/node.js";
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { inTime } from "./deadline.js";
import { printableLines } from "../provider/api/text/foreignText.js";

/** A subcommand. Its file is loaded only when it runs, so that every subcommand starts fast. */
interface Subcommand {
  summary: string;
  load: () => Promise<{ command: () => Command }>;
}

/** All subcommands. Each has an entry here and a file that exports `command()`. */
const subcommands: Record<string, Subcommand> = {
  emulator: {
    summary: "run a local Disruptive Technologies cloud for tests and experiments",
    load: () => import("./emulator.js"),
  },
  drift: {
    summary: "compare what a stack declares with what exists",
    load: () => import("./drift.js"),
  },
  record: {
    summary: "accept unmanaged access in the baseline, with a reason and an expiry date",
    load: () => import("./record.js"),
  },
  ignore: {
    summary: "ignore unmanaged access that matches a pattern",
    load: () => import("./ignore.js"),
  },
  export: {
    summary: "write a program that adopts what exists",
    load: () => import("./export.js"),
  },
  report: {
    summary: "write the access matrix as one page of HTML",
    load: () => import("./report.js"),
  },
  review: {
    summary: "show what a preview would change for people and systems",
    load: () => import("./review.js"),
  },
  guard: {
    summary: "check whether a preview would lock somebody out",
    load: () => import("./guard.js"),
  },
  remove: {
    summary: "remove keys, service accounts, memberships or empty projects by their API names",
    load: () => import("./remove.js"),
  },
  whoami: {
    summary: "show whose credentials these are and what they can access",
    load: () => import("./whoami.js"),
  },
  verify: {
    summary: "log in with a credentials file, and show whose it is",
    load: () => import("./verify.js"),
  },
  completion: {
    summary: "print the completion script of a shell",
    load: async () => {
      const { command } = await import("./completion.js");
      return { command: () => command(allCommands) };
    },
  },
};

const help = `
Example:
  $ pulumi-dt drift --stack prod

Exit codes: 0 done, 1 error, also for a wrong option or an unknown command. The help of a command lists its other exit codes:
  $ pulumi-dt drift --help`;

/** The exit codes of errors. An exit code of 2 or more is a result of a command that checks something. */
const exitCodes = { failed: 1, emulatorUsage: 2 };

/** The name of the subcommand that is asked for, or whose help is. */
const asked = (([first, second]) => (first === "help" ? second : first))(
  process.argv.slice(2).filter((word) => !word.startsWith("-")),
);

/** All subcommands, with their options. */
const allCommands = (): Promise<Command[]> =>
  Promise.all(
    Object.entries(subcommands).map(async ([name, { summary, load }]) =>
      (await load()).command().name(name).summary(summary),
    ),
  );

async function main(): Promise<void> {
  const { version } = createRequire(__filename)("pulumi-dt/package.json") as { version: string };
  const program = new Command("pulumi-dt")
    .description("Tools around the access that you declare with pulumi-dt.")
    .version(version)
    .exitOverride()
    .addHelpText("after", help)
    .showHelpAfterError("(--help says more)");
  for (const [name, { summary, load }] of Object.entries(subcommands)) {
    const command = name === asked ? (await load()).command() : new Command(name);
    program.addCommand(command.name(name).summary(summary).copyInheritedSettings(program));
  }
  if (process.argv.length === 2) program.outputHelp();
  else await inTime(() => program.parseAsync());
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Commander has already printed the message.
    process.exitCode =
      error.exitCode === 0 ? 0 : asked === "emulator" ? exitCodes.emulatorUsage : exitCodes.failed;
    return;
  }
  console.error(
    `${pc.red("error:")} ${printableLines(error instanceof Error ? error.message : String(error))}`,
  );
  process.exitCode = exitCodes.failed;
});
