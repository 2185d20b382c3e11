import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isRunning, signature, signerOf, type ProcessIdentity } from "./processIdentity.js";

export interface LockOptions {
  /** How long to wait for another process, in milliseconds. */
  readonly patience: number;
  /** Called once where another process is at it. */
  readonly onWait?: () => void;
}

/** Another process did not let go in time. */
export class LockTimeout extends Error {
  constructor(readonly holder: ProcessIdentity) {
    super(`process ${holder.pid} does not let go`);
  }
}

/**
 * Does work while no other process of this machine does work under the same name.
 *
 * Each process raises a flag: a file of its own, named for the process. Only a process that sees no other flag, after it has raised
 * its own, begins. So of two that raise theirs at the same moment at least one waits. A flag whose process has ended is taken away:
 * no two flags have one name, so nobody takes away a younger flag.
 *
 * Where the folder can't be used, the work is done without waiting.
 *
 * @param folder one that only the user may write
 * @param name letters and digits
 * @throws Held where another process does not let go in time
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

  /** Returns once only this flag is up, or where none can be put up. */
  async function raise(): Promise<void> {
    const end = Date.now() + patience;
    let [isUp, isTold] = [false, false];
    for (;;) {
      const others = flagsOfOthers();
      if (others.length === 0) {
        if (isUp || !putUp()) return;
        isUp = true;
        // Now that all see ours, whose is up, too?
        continue;
      }
      // Among those that wait, only the smallest name keeps its flag up.
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
      // A flag whose process has ended counts for nothing.
    }
  }

  /** Flags of processes that run. The others are taken down. */
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
