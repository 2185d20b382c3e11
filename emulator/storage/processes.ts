import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process of this machine lives; also one that is stopped. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // A killed process that its parent has not looked at yet still has its pid.
  const state = readStat(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/** When a process started, in a text to be compared only; undefined where nothing tells it. */
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

/** Linux's `/proc/PID/stat` from its third field on: the state, …, the start time (see proc(5)). */
function readStat(pid: number): string[] | undefined {
  const text = readIfPresent(`/proc/${pid}/stat`);
  // The second field is a name in parentheses that may hold anything.
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
