import { readdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { notice } from "../api/text/notice.js";
import { replay, type ProcessJournal, type Intent, type Line } from "./journalEvents.js";
import { appendPrivate, privateFolder, readPrivate } from "../machine/privateFiles.js";
import { isRunning, signature, signerOf } from "../machine/processIdentity.js";

/**
 * The files of the journal: one per process, with one line per event. Each is append-only, and only the user can read
 * it.
 */

/** The file of this process. */
let file: string | undefined;
/** Whether the file exists already. */
let hasFile = false;
/** The lines of the file about open entries. They are written again if somebody has cleared the folder. */
const written = new Map<string, Line[]>();

export interface Journal {
  /** The open intents, by entry. */
  readonly open: ReadonlyMap<string, Intent>;
  /** Names of young keys and accounts that some state is known to hold. */
  readonly held: ReadonlySet<string>;
}

/** Reads all files. Copies the open intents of ended processes to the file of this process, and removes their files. */
export function readJournal(): Journal {
  for (let attempt = 1; ; attempt++) {
    try {
      return readOnce();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // Another process has just carried a file over. Its content is in a newer file.
      if (code === "ENOENT" && attempt < 10) continue;
      complain(unkept(message));
      return { open: new Map(), held: new Set() };
    }
  }
}

/** Never throws: a new thing must not be lost because the journal can't be written. */
export const write = (line: Line): void => void writeAll([line]);

/** Whether a full disk may have cut the last line. If so, the next text starts with a line break. */
let isCut = false;

/** @returns whether all lines are written */
function writeAll(lines: readonly Line[]): boolean {
  if (file === undefined) return false;
  try {
    if (lines.length > 0) append(file, lines);
    return true;
  } catch (error) {
    isCut = true;
    complain(unkept((error as Error).message));
    return false;
  } finally {
    for (const line of lines) remember(line);
  }
}

function append(path: string, lines: readonly Line[]): void {
  const text = textOf(lines);
  try {
    appendPrivate(path, isCut ? `\n${text}` : text, !hasFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    privateFolder();
    appendPrivate(path, textOf([...written.values()].flat()) + text);
  }
  hasFile = true;
  isCut = false;
}

const textOf = (lines: readonly Line[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

function remember(line: Line): void {
  if (line.event === "closed") written.delete(line.entry);
  else written.set(line.entry, [...(written.get(line.entry) ?? []), line]);
}

function readOnce(): Journal {
  const folder = privateFolder();
  if (file === undefined || dirname(file) !== folder) {
    // The name begins with a time. So an intent is closed in the file that began it, or in a later one.
    file = join(folder, `${new Date().toISOString().replaceAll(":", "-")}-${signature()}.jsonl`);
    hasFile = false;
  }
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const diaries = names.sort().flatMap((name) => diaryIn(join(folder, name)) ?? []);
  const { open, held, toCarryOver } = replay(diaries);
  // Write all lines at once: there may be thousands.
  if (writeAll(toCarryOver)) for (const { path, isEnded } of diaries) if (isEnded) removeFile(path);
  return { open, held };
}

/** Undefined if the file can't be used. */
function diaryIn(path: string): (ProcessJournal & { path: string }) | undefined {
  try {
    const text = readPrivate(path);
    if (isForeign(text)) complain(unreadable(path));
    const signer = signerOf(path.slice(0, -".jsonl".length));
    const isEnded = path !== file && (signer === undefined || !isRunning(signer));
    // A file with unreadable lines stays where it is.
    return { path, text, isEnded: isEnded && !isForeign(text) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw error;
    complain(unused(path, message));
    return undefined;
  }
}

/** Whether a file has foreign lines. The start of our line is not foreign: a kill or a full disk may have cut it. */
function isForeign(text: string): boolean {
  const start = '{"event":"';
  return text.split("\n").some((line) => !line.startsWith(start) && !start.startsWith(line));
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // Another process may have carried the file over, too. Duplicate lines do no harm.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") complain(unused(path, (error as Error).message));
  }
}

const problems = new Set<string>();
let isCreating = false;

/** Notes that something is being created. From now on, problems of the journal matter, so this prints them. */
export function beginCreating(): void {
  isCreating = true;
  for (const problem of problems) notice(problem);
}

function complain(problem: string): void {
  // Report only one reason why the journal can't be kept.
  if (problem.startsWith(unkeptStart) && [...problems].some((other) => other.startsWith(unkeptStart))) return;
  problems.add(problem);
  if (isCreating) notice(problem);
}

const unkeptStart = "the journal of creations can't be kept";

const unkept = (problem: string): string =>
  `${unkeptStart} (${problem}); after a crash, look for orphaned keys with \`pulumi-dt drift\`. Set DT_JOURNAL to a folder that only you can write to`;

/** Cuts the path off, which Node's messages end with. */
const unused = (path: string, problem: string): string =>
  `a file of the journal is not used (${problem.split(",")[0] ?? ""}): ${path}. What an interrupted run wrote there is missed; remove the file if nobody needs it`;

const unreadable = (path: string): string =>
  `a file of the journal has lines that can't be read: ${path}. The other lines are used; remove the file if nobody needs it`;
