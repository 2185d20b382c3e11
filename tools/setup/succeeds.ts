import { execa } from "execa";

/** Whether a command can be started and ends well. */
export async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  const { failed } = await execa(command, args, { reject: false, stdin: "ignore" });
  return !failed;
}
