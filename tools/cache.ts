import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { withFileLock } from "../provider/machine/fileLock.js";

const UNFINISHED = "unfinished-";

/** A folder outside the checkout that all clones of a user share. Creates it if necessary. */
export function cacheFolder(...path: string[]): string {
  // The XDG specification says to ignore a relative path.
  const xdg = process.env.XDG_CACHE_HOME;
  const base = xdg?.startsWith("/") === true ? xdg : join(homedir(), ".cache");
  const folder = join(base, "pulumi-dt", ...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Runs `work` while no other process holds the same folder. `work` ends with {@link moveTo}, which is safe to
 * run twice: machines that share the folder do not see each other's processes.
 *
 * @param onWait called once if another process already holds it
 */
export const alone = <T>(folder: string, work: () => Promise<T>, onWait?: () => void): Promise<T> =>
  withFileLock(
    dirname(folder),
    `.${basename(folder)}`,
    { patience: Infinity, ...(onWait === undefined ? {} : { onWait }) },
    work,
  );

/**
 * Runs `work` with an empty folder inside of a cache, which only its holder may use (see {@link alone}). Removes
 * it afterwards, and the ones of killed runs first.
 */
export async function inScratch<T>(cache: string, work: (folder: string) => Promise<T>): Promise<T> {
  const leftovers = readdirSync(cache).filter((name) => name.startsWith(UNFINISHED));
  for (const name of leftovers) rmSync(join(cache, name), { recursive: true, force: true });
  const folder = mkdtempSync(join(cache, UNFINISHED));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Moves a finished folder to `target` in one step. If `target` exists by now, it stays. */
export function moveTo(target: string, finished: string): void {
  try {
    renameSync(finished, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}
