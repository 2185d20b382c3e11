import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { printable } from "../provider/api/text/foreignText.js";
import { remove } from "../provider/api/reads/find.js";
import { wayOut } from "../provider/guards/lockout.js";
import { logIn } from "./login.js";
import { kindOf, lookUp, type Thing } from "./removal/thing.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

const notes = `
Examples:
  $ pulumi-dt remove projects/P/serviceaccounts/S/keys/K
  $ pulumi-dt remove projects/P/members/M organizations/O/members/M --yes

A name is a key's, a service account's or a membership's, as messages and \`pulumi-dt drift\` show it. What would cut off the identity
that it runs as, or leave an organization without an administrator, is refused.
Exit codes: 0 removed, or already gone; 1 error, refused, or not confirmed.`;

/** `pulumi-dt remove` */
export function command(): Command {
  return new CheckingCommand("remove")
    .description("Removes keys, service accounts or memberships that nobody declares, by their API names.")
    .argument("<name...>", "such as projects/P/serviceaccounts/S/keys/K")
    .option("--yes", "skip the confirmation")
    .addHelpText("after", notes)
    .action(run);
}

async function run(names: readonly string[], { yes }: { yes?: true }): Promise<void> {
  const print = claimStdout();
  for (const name of names) kindOf(name);
  const session = await logIn();
  const things: Thing[] = [];
  for (const name of names) {
    const thing = await lookUp(name, session);
    if (thing === undefined)
      print(`${printable(`${name} does not exist, as ${session.identity} sees it`)}\n`);
    else things.push(thing);
  }
  for (const { guard } of things) await guarded(guard);
  if (things.length === 0) return;
  if (yes === undefined && !(await isConfirmed(things))) throw new Error("nothing was removed");
  for (const { name, guard } of things) {
    // One of several may have been the last administrator but one.
    await guarded(guard);
    await remove(session.api, name);
    print(`${printable(`removed ${name}`)}\n`);
  }
}

/** The guards speak to those who have a program; here there is no way round them. */
async function guarded(guard: Thing["guard"]): Promise<void> {
  try {
    await guard();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(message.replace(`. ${wayOut}`, ""), { cause: error });
  }
}

async function isConfirmed(things: readonly Thing[]): Promise<boolean> {
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
