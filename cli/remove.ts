import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { printable, printableJson } from "../provider/api/text/foreignText.js";
import { remove } from "../provider/api/reads/find.js";
import { wayOut } from "../provider/guards/lockout.js";
import { logIn } from "./login.js";
import { kindOf, findRemovable, type Removable } from "./removal/removable.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

const notes = `
Examples:
  $ pulumi-dt remove projects/P/serviceaccounts/S/keys/K
  $ pulumi-dt remove projects/P/members/M organizations/O/members/M --yes

A name is the API name of a key, a service account, a membership or an empty project, as messages and \`pulumi-dt drift\` show it. A removal that would
lock out the identity that runs the command, or leave an organization without an administrator, is refused.
Exit codes: 0 removed or already deleted, 1 error, also for a wrong option, refused, or not confirmed.`;

/** `pulumi-dt remove` */
export function command(): Command {
  return new CheckingCommand("remove")
    .description(
      "Removes keys, service accounts, memberships or empty projects that nobody declares, by their API names.",
    )
    .argument("<name...>", "such as projects/P/serviceaccounts/S/keys/K")
    .option("--yes", "skip the confirmation")
    .option("--json", "print what was removed as JSON; needs --yes")
    .addHelpText("after", notes)
    .action(run);
}

interface Options {
  readonly yes?: true;
  readonly json?: true;
}

async function run(names: readonly string[], { yes, json }: Options): Promise<void> {
  const print = claimStdout();
  const say = (line: string): void => {
    if (!json) print(`${printable(line)}\n`);
  };
  if (json && !yes) throw new Error("--json needs --yes, because it asks nothing");
  for (const name of names) kindOf(name);
  const session = await logIn();
  const things: Removable[] = [];
  const absent: string[] = [];
  for (const name of new Set(names)) {
    const thing = await findRemovable(name, session);
    if (thing !== undefined) things.push(thing);
    else absent.push(name);
  }
  for (const name of absent) say(`${name} does not exist, as ${session.identity} sees it`);
  for (const { guard } of things) await guarded(guard);
  if (things.length > 0 && !yes && !(await isConfirmed(things))) throw new Error("nothing was removed");
  const removed: string[] = [];
  try {
    for (const { name, guard } of things) {
      // Checks again, because an earlier removal in this loop may have left only one administrator.
      await guarded(guard);
      await remove(session.api, name);
      removed.push(name);
      say(`removed ${name}`);
    }
  } finally {
    if (json) print(`${printableJson(JSON.stringify({ removed, absent }, undefined, 2))}\n`);
  }
}

/** Rewrites the guards' errors. They recommend an option for programs, which this command doesn't have. */
async function guarded(guard: Removable["guard"]): Promise<void> {
  try {
    await guard();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(message.replace(`. ${wayOut}`, ""), { cause: error });
  }
}

async function isConfirmed(things: readonly Removable[]): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Error("there is no terminal to confirm on: pass --yes to remove without confirmation");
  const list = things.map(({ name, what }) => `  ${printable(name)}\n    ${printable(what)}\n`).join("");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`This can't be undone:\n${list}Remove? (yes/no) `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
