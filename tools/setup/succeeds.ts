import { execa } from "execa";

/** Whether a command can be started and exits with 0. */
export async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  const { failed } = await execa(command, args, { reject: false, stdin: "ignore" });
  return !failed;
}
