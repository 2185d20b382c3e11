import { existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { lock } from "proper-lockfile";

/** A folder of ours outside the checkout, shared by all clones of a user; made if need be. */
export function cacheFolder(...path: string[]): string {
  // The XDG specification says that a relative path is to be ignored.
  const xdg = process.env.XDG_CACHE_HOME;
  const base = xdg?.startsWith("/") === true ? xdg : join(homedir(), ".cache");
  const folder = join(base, "pulumi-dt", ...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Runs `work` while no other process holds the same folder. A process that was paused for minutes may lose its hold: so `work` ends
 * with {@link moveTo}, which is harmless twice.
 *
 * @param onWait called once if another process is at it already
 */
export async function alone<T>(folder: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  // A holder that was killed is noticed by its mark growing old.
  const options = { stale: 120_000, update: 5_000, onCompromised: () => undefined };
  const release = await lock(folder, options).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
    onWait?.();
    return lock(folder, { ...options, retries: { forever: true, factor: 1, minTimeout: 250 } });
  });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

/** Moves a finished folder to where others look for it, whole or not at all; one that is there by now stays. */
export function moveTo(target: string, finished: string): void {
  try {
    renameSync(finished, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}
