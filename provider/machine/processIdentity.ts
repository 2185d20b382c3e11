import { createHash, randomUUID } from "node:crypto";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * A process, told from a younger one that has got the same id: the system gives ids again, and in a container soon.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** The same for one process as long as it lives; empty where the system can't tell it apart. */
  readonly mark: string;
}

/** This process. */
export const thisProcess = (): ProcessIdentity => ({ pid: process.pid, mark: (own ??= markOf(process.pid)) });
let own: string | undefined;

/** Whether another process, or this one, still runs. Without a mark, any process that has the id counts, except this one. */
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

/** Whether a process has ended and only its parent does not know, as may be in a container: it still has its id. */
function isDead(pid: number): boolean {
  return /^State:\s+[ZX]/m.test(textOf(`/proc/${pid}/status`));
}

function markOf(pid: number): string {
  const start = process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  return start === "" ? "" : createHash("sha256").update(start).digest("hex").slice(0, 16);
}

/** When the process began, in ticks since the start of the system, and which start that was. */
function startOnLinux(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold anything.
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

/** Empty where there is no such file, as on other systems. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The end of a file's name that tells which process the file belongs to. No other file has the same. */
export function signature(): string {
  const { pid, mark } = thisProcess();
  return `${mark === "" ? "" : `p${mark}-`}${pid}-${randomUUID()}`;
}

/** The process that a file belongs to, by its name without the extension; names of earlier versions have no mark. */
export function signerOf(name: string): ProcessIdentity | undefined {
  const [, mark = "", pid] = /(?:-p([\da-f]{16}))?-(\d+)-[\da-f]{8}(?:-[\da-f]+){4}$/.exec(name) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), mark };
}
