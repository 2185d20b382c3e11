import { existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { withFileLock } from "../provider/machine/fileLock.js";

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
 * Runs `work` while no other process holds the same folder. `work` ends with {@link moveTo}, which is harmless twice: machines that
 * share the folder do not see each other's processes.
 *
 * @param onWait called once if another process is at it already
 */
export const alone = <T>(folder: string, work: () => Promise<T>, onWait?: () => void): Promise<T> =>
  withFileLock(
    dirname(folder),
    `.${basename(folder)}`,
    { patience: Infinity, ...(onWait === undefined ? {} : { onWait }) },
    work,
  );

/** Moves a finished folder to where others look for it, whole or not at all; one that is there by now stays. */
export function moveTo(target: string, finished: string): void {
  try {
    renameSync(finished, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}
