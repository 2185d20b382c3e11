import { Argument, type Command } from "commander";
import { bash } from "./completion/bash.js";
import { fish } from "./completion/fish.js";
import { wordsOf, type CommandWords } from "./completion/words.js";
import { zsh } from "./completion/zsh.js";
import { claimStdout } from "./stdout.js";
import { CheckingCommand } from "./subcommand.js";

const shells: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };

const notes = `
The script completes commands, options, their values and file names. Load it when the shell starts:
  $ echo 'source <(pulumi-dt completion bash)' >> ~/.bashrc
  $ echo 'source <(pulumi-dt completion zsh)' >> ~/.zshrc        after compinit
  $ pulumi-dt completion fish > ~/.config/fish/completions/pulumi-dt.fish

Exit codes: 0 printed, 1 error, also for a wrong option.`;

/** `pulumi-dt completion` */
export function command(allCommands: () => Promise<Command[]>): Command {
  return new CheckingCommand("completion")
    .description("Prints a script that completes what you type in a shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(shells)))
    .addHelpText("after", notes)
    .action(async (shell: string) => {
      const print = claimStdout();
      const commands = await allCommands();
      print(shells[shell]?.(commands.map(wordsOf)) ?? "");
    });
}
