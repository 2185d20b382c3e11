import { createHash, randomUUID } from "node:crypto";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Identifies a process even after a newer process gets the same id. The system reuses ids, and in a container it does
 * so soon.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * Stays the same while the process lives. Empty if the system can't tell the process from another one with the same
   * id.
   */
  readonly mark: string;
}

export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, mark: (own ??= markOf(process.pid)) });
let own: string | undefined;

/** Whether a process still runs. Without a mark, any process that has the id counts, except this one. */
export function isRunning({ pid, mark }: ProcessIdentity): boolean {
  if (pid === process.pid) return mark !== "" && mark === thisProcess().mark;
  if (!hasProcess(pid)) return false;
  const present = mark === "" ? "" : markOf(pid);
  return present === "" || present === mark;
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isDead(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether a process has ended, but its parent has not noticed. It still has its id. This may happen in a container. */
function isDead(pid: number): boolean {
  return /^State:\s+[ZX]/m.test(textOf(`/proc/${pid}/status`));
}

function markOf(pid: number): string {
  const start = process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  return start === "" ? "" : createHash("sha256").update(start).digest("hex").slice(0, 16);
}

/** When the process began, in ticks since the system started, together with the id of that system start. */
function startOnLinux(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may contain any character.
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const boot = textOf("/proc/sys/kernel/random/boot_id").trim();
  return ticks === undefined || boot === "" ? "" : `${boot} ${ticks}`;
}

function startByPs(pid: number): string {
  if (process.platform === "win32") return "";
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  const { stdout, status } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
    env,
    encoding: "utf8",
    timeout: 5000,
  });
  return status === 0 ? stdout.trim() : "";
}

/** The text of a file. Empty if the file doesn't exist, as on other systems. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The end of a file's name, which says which process the file belongs to. Each call returns a unique one. */
export function signature(): string {
  const { pid, mark } = thisProcess();
  return `${mark === "" ? "" : `p${mark}-`}${pid}-${randomUUID()}`;
}

/**
 * The process that a file belongs to, read from the file's name without the extension. Names of earlier versions don't
 * have a mark.
 */
export function signerOf(name: string): ProcessIdentity | undefined {
  const [, mark = "", pid] = /(?:-p([\da-f]{16}))?-(\d+)-[\da-f]{8}(?:-[\da-f]+){4}$/.exec(name) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), mark };
}
