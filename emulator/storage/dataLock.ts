import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, startTimeOf } from "./processes";

/** What a lock file says of the emulator that made it. */
interface LockOwner {
  pid: number;
  /** When the process started, so that another of the same pid is not taken for it; null where nothing tells it. */
  started: string | null;
  host: string;
  /** Where it listens; null while it starts. */
  origin: string | null;
}

/** How long a start waits for another one that has not come up yet. */
const startTimeoutMs = 5_000;

/**
 * The right of one process to a data file. Each process that wants it makes a lock file of its own beside it, and then
 * looks for those of others: of two at the same moment at least one sees the other. A process holds its right while it
 * lives, also while it is stopped; files of dead processes are removed.
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

  /** @throws {Error} saying in one sentence who has the file; `named` is how its user calls it */
  static async take(path: string, named: string): Promise<DataLock> {
    const prefix = `${path}.lock-`;
    const patient = performance.now() + startTimeoutMs;
    for (;;) {
      const lock = DataLock.#make(`${prefix}${process.pid}-${randomBytes(4).toString("hex")}`, named);
      const rival = findOtherLock(lock.file, prefix);
      if (!rival) return lock;
      lock.release();
      if (rival.claim.origin !== null || performance.now() > patient)
        throw new Error(lockedMessage(named, rival));
      // It may be about to give way, too: one of us comes back first.
      await sleep(20 + Math.random() * 100);
    }
  }

  static #make(file: string, named: string): DataLock {
    try {
      return new DataLock(file);
    } catch (error) {
      rmSync(file, { force: true });
      throw new Error(
        `${named} cannot be used, since no lock file can be made beside it: ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
  }

  /** Lets others know where this emulator is. */
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
  claim: LockOwner;
}

/** Another process that wants or has the file, and lives. */
function findOtherLock(own: string, prefix: string): OtherLock | undefined {
  for (const name of readdirSync(dirname(prefix))) {
    const file = join(dirname(prefix), name);
    if (!name.startsWith(basename(prefix)) || file === own) continue;
    const claim = readLock(file);
    if (!claim) continue;
    if (isAlive(claim)) return { file, claim };
    // Its name is never used again, so nobody else's lock is removed.
    rmSync(file, { force: true });
  }
  return undefined;
}

/** @returns undefined where it is gone by now, or no lock */
function readLock(file: string): LockOwner | undefined {
  const pid = Number(/lock-(\d+)-\w+$/.exec(file)?.[1]);
  if (!pid) return undefined;
  try {
    const claim = JSON.parse(readFileSync(file, "utf8")) as Partial<LockOwner> | null;
    return { pid, started: null, host: hostname(), origin: null, ...claim };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // It is being written.
    return { pid, started: null, host: hostname(), origin: null };
  }
}

/** Whether the process lives; one of another machine is believed to. */
function isAlive({ pid, started, host }: LockOwner): boolean {
  if (host !== hostname()) return true;
  if (!isRunning(pid)) return false;
  const now = startTimeOf(pid);
  return started === null || now === undefined || now === started;
}

function lockedMessage(named: string, { file, claim: { pid, host, origin } }: OtherLock): string {
  const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  const emulator = origin === null ? `an emulator that is starting` : `the emulator at ${origin}`;
  const wayOut = host === hostname() ? "" : `, or remove ${file} if that process is gone`;
  return `${named} is served by ${emulator} (${where}) already: use that one, or end it${wayOut}`;
}
