import { say, timed } from "../say";
import { findPackageManager, type PackageManager } from "./packageManager";
import type { Tool } from "./tools";

/**
 * Installs missing tools if possible: with the package manager, or else by the tool's own download. Announces
 * each step first.
 *
 * @throws Error that names what is still missing, and the command that a person has to run
 */
export async function provide(tools: readonly Tool[]): Promise<void> {
  let missing = await lacking(tools);
  if (missing.length === 0) return;
  const manager = await findPackageManager();
  const packages = packagesOf(missing, manager);
  if (manager?.install !== undefined && packages.length > 0) {
    const { install } = manager;
    await attempt(`installing ${packages.join(", ")} with ${manager.name}, which the tests need`, () =>
      install(packages),
    );
    missing = await lacking(missing);
  }
  for (const { download } of missing) {
    if (download === undefined) continue;
    await attempt(`downloading ${download.what}, which the tests need`, () => download.run());
  }
  missing = await lacking(missing);
  if (missing.length > 0) throw new Error(whatToDo(missing, manager));
}

/** Another way may work, so a failure is only printed. */
async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  await timed(what, work).catch((error: unknown) => say(`  that failed: ${lastLine(error)}`));
}

async function lacking(tools: readonly Tool[]): Promise<Tool[]> {
  const isThere = await Promise.all(tools.map((tool) => tool.isThere()));
  return tools.filter((_tool, index) => isThere[index] !== true);
}

function packagesOf(tools: readonly Tool[], manager: PackageManager | undefined): string[] {
  if (manager === undefined) return [];
  return tools.flatMap(({ packages }) => packages[manager.name]?.split(" ") ?? []);
}

function whatToDo(missing: readonly Tool[], manager: PackageManager | undefined): string {
  const lines = missing.map(({ name, why }) => `  ${name}: ${why}`);
  const packages = packagesOf(missing, manager);
  const command =
    manager === undefined || packages.length === 0
      ? "Install what is missing, and run it again."
      : `Run this, then try again:\n  ${manager.command(packages)}`;
  return `The tests need more than this machine has:\n${lines.join("\n")}\n${command}`;
}

/** The last line of the message. A stack trace does not help. */
function lastLine(error: unknown): string {
  const said = error instanceof Error && "all" in error ? error.all : (error as Error).message;
  const lines = String(said).trim().split("\n");
  return lines.findLast((line) => !/^\s+at /.test(line)) ?? "";
}
