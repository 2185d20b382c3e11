import { createHash } from "node:crypto";
import { LockTimeout, withFileLock } from "../machine/fileLock.js";
import { privateFolder } from "../machine/privateFiles.js";

const turns = new Map<string, Promise<unknown>>();

/**
 * Runs work under a lock for `name`, so that nothing else changes between its reads and its writes. The lock covers
 * this process and all other processes of this user on this machine: every provider of a program has its own process.
 *
 * @throws Error if another process does not release the lock in time
 */
export function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const done = (turns.get(name) ?? Promise.resolve()).then(() => amongProcesses(name, work));
  turns.set(
    name,
    done.catch(() => undefined),
  );
  return done;
}

/** How long to wait for another process, in milliseconds. */
const patience = 45_000;

async function amongProcesses<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = writableFolder();
  if (folder === undefined) return work();
  const file = createHash("sha256").update(name).digest("hex").slice(0, 20);
  try {
    return await withFileLock(folder, file, { patience }, work);
  } catch (error) {
    if (!(error instanceof LockTimeout)) throw error;
    throw new Error(
      `another run (process ${error.holder.pid}) is working on ${name} and has not finished within ${patience / 1000} s: wait until it ends, or end it, then run again`,
      { cause: error },
    );
  }
}

function writableFolder(): string | undefined {
  try {
    return privateFolder("turns");
  } catch {
    return undefined; // continue without the lock file, as the journal does
  }
}
