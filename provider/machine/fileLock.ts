import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isRunning, signature, signerOf, type ProcessIdentity } from "./processIdentity.js";

export interface LockOptions {
  /** How long to wait for another process, in milliseconds. */
  readonly patience: number;
  /** Called once if another process holds the lock. */
  readonly onWait?: () => void;
}

/** Another process did not release the lock in time. */
export class LockTimeout extends Error {
  constructor(readonly holder: ProcessIdentity) {
    super(`process ${holder.pid} does not let go`);
  }
}

/**
 * Runs `work` while no other process on this machine runs work under the same name.
 *
 * Each process creates a flag: a file named after the process. After it has created its own flag, a process begins only
 * if it sees no other flag. So if two processes create their flags at the same moment, at least one of them waits. The
 * flag of a process that has ended is removed. Each flag has a unique name, so this never removes a newer flag.
 *
 * If the folder can't be used, the work runs without waiting.
 *
 * @param folder a folder that only the user can write to
 * @param name letters and digits
 * @throws LockTimeout if another process does not release the lock in time
 */
export async function withFileLock<T>(
  folder: string,
  name: string,
  { patience, onWait }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const flag = `${name}-${signature()}`;
  try {
    await raise();
    return await work();
  } finally {
    takeDown(flag);
  }

  /** Returns when this flag is the only one, or when the flag can't be created. */
  async function raise(): Promise<void> {
    const end = Date.now() + patience;
    let [isUp, isTold] = [false, false];
    for (;;) {
      const others = flagsOfOthers();
      if (others.length === 0) {
        if (isUp || !putUp()) return;
        isUp = true;
        // Look again: another process may have created its flag at the same moment.
        continue;
      }
      // Of the processes that wait, only the one whose flag has the smallest name keeps its flag.
      if (isUp && others.some((other) => other < flag)) {
        takeDown(flag);
        isUp = false;
      }
      if (Date.now() >= end) throw new LockTimeout(signerOf(others[0] ?? "") ?? nobody);
      if (!isTold) onWait?.();
      isTold = true;
      await setTimeout(20 + Math.random() * 80);
    }
  }

  function putUp(): boolean {
    try {
      writeFileSync(join(folder, flag), "", { mode: 0o600, flag: "wx" });
      return true;
    } catch {
      return false;
    }
  }

  function takeDown(file: string): void {
    try {
      rmSync(join(folder, file), { force: true });
    } catch {
      // Other processes ignore a flag whose process has ended.
    }
  }

  /** The flags of other processes that still run. Removes the flags of processes that have ended. */
  function flagsOfOthers(): string[] {
    return list().filter((other) => {
      if (!other.startsWith(`${name}-`) || other === flag) return false;
      const signer = signerOf(other);
      const isLive = signer !== undefined && isRunning(signer);
      if (!isLive) takeDown(other);
      return isLive;
    });
  }

  function list(): string[] {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  }
}

const nobody: ProcessIdentity = { pid: 0, mark: "" };
