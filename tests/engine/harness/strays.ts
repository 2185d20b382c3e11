import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Ends the processes whose environment holds `mark`. The engine's children outlive it when it is killed: the
 * provider keeps working, in its own process group. Their inherited environment identifies them. Works on
 * Linux only; elsewhere it does nothing.
 *
 * @returns the ids of the processes that it ended
 */
export async function killStrays(mark: string): Promise<number[]> {
  const strays = findStrays(mark);
  for (const pid of strays) kill(pid);
  for (let waited = 0; waited < 5000 && findStrays(mark).length > 0; waited += 20) await delay(20);
  return strays;
}

/** The ids of the processes whose environment holds `mark`, except this one. */
function findStrays(mark: string): number[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && read(`/proc/${pid}/environ`).includes(mark));
}

/** Returns "" for a process that has ended, is a zombie, or belongs to another user. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended in the meantime.
  }
}
