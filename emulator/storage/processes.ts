import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process of this machine is running or stopped. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // A zombie, which its parent has not waited for, still has its pid.
  const state = readStat(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/** The start time of a process, for comparison only; undefined if the system does not show it. */
export function startTimeOf(pid: number): string | undefined {
  const ticks = readStat(pid)?.[19];
  if (ticks !== undefined)
    return `${ticks} ${readIfPresent("/proc/sys/kernel/random/boot_id")?.trim() ?? ""}`;
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
  });
  return (stdout as string | null)?.trim() || undefined;
}

/** The fields of Linux's `/proc/PID/stat` from the third on: the state, …, the start time (see proc(5)). */
function readStat(pid: number): string[] | undefined {
  const text = readIfPresent(`/proc/${pid}/stat`);
  // The second field is a name in parentheses, which may itself contain parentheses and spaces.
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
