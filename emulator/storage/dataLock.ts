import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, startTimeOf } from "./processes";

/** The content of a lock file: the emulator that created it. */
interface LockOwner {
  pid: number;
  /** Start time of the process, to notice a reused pid; null if the system does not show it. */
  started: string | null;
  host: string;
  /** The origin it listens on; null while it starts. */
  origin: string | null;
}

/** How long to wait for another emulator that is still starting. */
const startTimeoutMs = 5_000;

/**
 * Locks a data file for one process. Each process creates its own lock file beside the data file, and then looks for
 * lock files of others, so of two that start at the same moment at least one sees the other. A lock is valid while its
 * process exists, even if the process is stopped. Lock files of dead processes are removed.
 */
export class DataLock {
  readonly #owner: LockOwner = {
    pid: process.pid,
    started: startTimeOf(process.pid) ?? null,
    host: hostname(),
    origin: null,
  };

  private constructor(private readonly file: string) {
    this.#write();
  }

  /** @param named the path that the user gave @throws {Error} naming the emulator that has the lock */
  static async take(path: string, named: string): Promise<DataLock> {
    const prefix = `${path}.lock-`;
    const deadline = performance.now() + startTimeoutMs;
    for (;;) {
      const lock = DataLock.#make(`${prefix}${process.pid}-${randomBytes(4).toString("hex")}`, named);
      const other = findOtherLock(lock.file, prefix);
      if (!other) return lock;
      lock.release();
      if (other.owner.origin !== null || performance.now() > deadline)
        throw new Error(lockedMessage(named, other));
      // The other process may also give up. A random delay decides which one tries again first.
      await sleep(20 + Math.random() * 100);
    }
  }

  static #make(file: string, named: string): DataLock {
    try {
      return new DataLock(file);
    } catch (error) {
      rmSync(file, { force: true });
      throw new Error(
        `${named} cannot be used, because no lock file can be created beside it: ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
  }

  /** Writes to the lock file where this emulator listens. */
  setOrigin(origin: string): void {
    this.#owner.origin = origin;
    this.#write();
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  #write(): void {
    writeFileSync(this.file, JSON.stringify(this.#owner), { mode: 0o644 });
  }
}

interface OtherLock {
  file: string;
  owner: LockOwner;
}

/** The lock of another live process. */
function findOtherLock(own: string, prefix: string): OtherLock | undefined {
  for (const name of readdirSync(dirname(prefix))) {
    const file = join(dirname(prefix), name);
    if (!name.startsWith(basename(prefix)) || file === own) continue;
    const owner = readLock(file);
    if (!owner) continue;
    if (isAlive(owner)) return { file, owner };
    // Lock file names are unique, so this cannot remove the lock of another process.
    rmSync(file, { force: true });
  }
  return undefined;
}

/** @returns undefined if the file was removed or is not a lock file */
function readLock(file: string): LockOwner | undefined {
  const pid = Number(/lock-(\d+)-\w+$/.exec(file)?.[1]);
  if (!pid) return undefined;
  try {
    const owner = JSON.parse(readFileSync(file, "utf8")) as Partial<LockOwner> | null;
    return { pid, started: null, host: hostname(), origin: null, ...owner };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // Its owner has not finished writing it.
    return { pid, started: null, host: hostname(), origin: null };
  }
}

/** Whether the owner's process exists. Assumes that a process of another machine does. */
function isAlive({ pid, started, host }: LockOwner): boolean {
  if (host !== hostname()) return true;
  if (!isRunning(pid)) return false;
  const now = startTimeOf(pid);
  return started === null || now === undefined || now === started;
}

function lockedMessage(named: string, { file, owner: { pid, host, origin } }: OtherLock): string {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  const emulator = origin === null ? `an emulator that is starting` : `the emulator at ${origin}`;
  const removeHint = host === hostname() ? "" : `, or remove ${file} if that process no longer exists`;
  return `${named} is already used by ${emulator} (${where}): use that one, or stop it${removeHint}`;
}
