import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache";

/** The path of a Python that can import some packages, or the reason why there is none. */
export type Python = { python: string } | { missing: string };

/**
 * Finds a virtual environment with these packages in our cache, or creates it there with pip. Does not change
 * the system's Python. Synchronous, because names of tests say whether they run.
 *
 * @param packages with their versions, such as `pulumi==3.259.0`
 */
export function pythonWith(cacheName: string, ...packages: readonly [string, ...string[]]): Python {
  const parent = cacheFolder(cacheName);
  const home = join(parent, packages.join("+"));
  const python = join("bin", "python");
  if (existsSync(join(home, python))) return { python: join(home, python) };
  const made = mkdtempSync(join(parent, "new-"));
  try {
    const pip = [join(made, python), "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "15"];
    const missing = failureOf("python3", "-m", "venv", made) ?? failureOf(...(pip as [string]), ...packages);
    if (missing !== undefined) return { missing };
    // Another process may have installed it first.
    if (!existsSync(home)) renameSync(made, home);
    return { python: join(home, python) };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** The last line of a failed command's output. */
function failureOf(command: string, ...args: string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 180_000 });
  if (status === 0) return undefined;
  const words = (error?.message ?? stderr).trim().split("\n").at(-1) ?? "";
  return `${[command.split("/").at(-1), ...args.slice(0, 3)].join(" ")} failed: ${words}`;
}
