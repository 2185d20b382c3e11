import { execa, type ExecaReturnValue } from "execa";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs a command's text with this standard input. The input comes from a file, because a command that ends
 * without reading it would break a pipe.
 *
 * @param options.env variables besides the present ones
 */
export async function runShell(
  command: string,
  input: string,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<ExecaReturnValue> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-shell-"));
  const file = join(folder, "input");
  writeFileSync(file, input, { mode: 0o600 });
  const stdin = openSync(file, "r");
  try {
    return await execa("/bin/sh", ["-c", command], { ...options, stdin, reject: false });
  } finally {
    closeSync(stdin);
    rmSync(folder, { recursive: true });
  }
}
