import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../tools/cache";

/** The version that the emulator was compared with. */
const client = "disruptive==1.7.3";

/** The path of a Python that can import the vendor's client, or the reason why there is none. */
export type VendorClient = { python: string } | { missing: string };

/**
 * Finds the client in our cache, or installs it there with pip. Does not change the system's Python.
 * Synchronous, because the name of the test says whether it runs.
 */
export function vendorClient(): VendorClient {
  const parent = cacheFolder("python-client");
  const home = join(parent, client);
  const python = join("bin", "python");
  if (existsSync(join(home, python))) return { python: join(home, python) };
  const made = mkdtempSync(join(parent, "new-"));
  try {
    const missing =
      failure("python3", "-m", "venv", made) ??
      failure(
        join(made, python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--retries",
        "1",
        "--timeout",
        "15",
        client,
      );
    if (missing !== undefined) return { missing };
    // Another process may have installed it first.
    if (!existsSync(home)) renameSync(made, home);
    return { python: join(home, python) };
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** The last line of a failed command's output. */
function failure(command: string, ...args: string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 180_000 });
  if (status === 0) return undefined;
  const words = (error?.message ?? stderr).trim().split("\n").at(-1) ?? "";
  return `${[command.split("/").at(-1), ...args.slice(0, 3)].join(" ")} failed: ${words}`;
}
