import { execa } from "execa";
import { provide } from "../setup/provide";
import { goCompiler } from "../setup/tools";

/**
 * Installs Go if that is possible without asking. Only builds need it, so the setup does not install it.
 *
 * @throws this message if there is no Go
 */
export async function requireGo(message: string): Promise<void> {
  await provide([goCompiler]).catch(() => undefined);
  if (!(await goCompiler.isThere())) throw new Error(message);
}

/** Runs `go` in the folder of a module, with exactly the committed versions and checksums. @returns its output */
export async function go(module: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa("go", args, {
    cwd: module,
    // A workspace file in a parent folder, or the user's own flags, must not change the build.
    env: { GOFLAGS: "-mod=readonly", GOWORK: "off" },
    stdin: "ignore",
  });
  return stdout;
}
