import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import envPaths from "env-paths";
import { notice } from "./api/notice.js";
import { fold, type Intent, type Line } from "./journalEvents.js";

/** How the journal lies on disk: one file a process, a line an event, only ever appended to, readable by the user alone. */

let file: string | undefined;

/** What is still open, by entry. Carries it over from the files of ended processes into our own, and removes those. */
export function readIntents(): Map<string, Intent> {
  for (let attempt = 1; ; attempt++) {
    try {
      return readOnce();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // Another process has just carried a file over: what was in it is in a newer one.
      if (code === "ENOENT" && attempt < 10) continue;
      complain(message);
      return new Map();
    }
  }
}

/** Never fails: what was created must not be lost because it could not be written down. */
export const write = (line: Line): void => void writeAll([line]);

/** What a full disk has cut off must not spoil the line after it. */
let isCut = false;

/** @returns whether all is written */
function writeAll(lines: readonly Line[]): boolean {
  try {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    if (file !== undefined && text !== "") appendFileSync(file, isCut ? `\n${text}` : text, { mode: 0o600 });
    isCut = false;
    return true;
  } catch (error) {
    isCut = true;
    complain((error as Error).message);
    return false;
  }
}

const complain = (problem: string): void =>
  notice(
    `the journal of what is being created can't be kept (${problem}); after a crash, look for orphaned keys with \`pulumi-dt drift\`. Set DT_JOURNAL to a folder that can be written`,
  );

/** Where the journal is kept: `DT_JOURNAL`, or where the system keeps a user's private data. */
export const journalFolder = (): string => process.env.DT_JOURNAL || defaultJournalFolder();

/** Where the journal is kept without `DT_JOURNAL`. */
export const defaultJournalFolder = (): string => join(envPaths("pulumi-dt", { suffix: "" }).data, "journal");

function readOnce(): Map<string, Intent> {
  const directory = journalFolder();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // Names begin with a time: what is closed is closed in the same file or a later one.
  file ??= join(
    directory,
    `${new Date().toISOString().replaceAll(":", "-")}-${process.pid}-${randomUUID()}.jsonl`,
  );
  const names = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
  const diaries = names.sort().map((name) => {
    const path = join(directory, name);
    return { path, text: readFileSync(path, "utf8"), isEnded: path !== file && !isOwnerRunning(name) };
  });
  const { open, toCarryOver } = fold(diaries);
  // At once: there may be thousands.
  if (writeAll(toCarryOver)) for (const { path, isEnded } of diaries) if (isEnded) removeFile(path);
  return open;
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // Another process may have carried it over, too: lines that come twice do no harm.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function isOwnerRunning(fileName: string): boolean {
  const [, pid] = /-(\d+)-[\da-f]{8}(?:-[\da-f]+){4}\.jsonl$/.exec(fileName) ?? [];
  return pid !== undefined && isRunning(Number(pid));
}

/** Whether another process of this id runs. */
export function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return !isDead(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether a process has ended and only its parent does not know, as may be in a container: it still has its id. */
function isDead(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false; // no such files on this system
  }
}
