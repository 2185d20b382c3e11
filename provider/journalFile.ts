import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import envPaths from "env-paths";
import * as v from "valibot";
import { notice } from "./api/notice.js";

/** How the journal lies on disk: one file a process, a line an event, only ever appended to, readable by the user alone. */

const Line = v.variant("event", [
  v.object({
    event: v.literal("begin"),
    entry: v.string(),
    /** Which resource of which stack, as Pulumi names it. */
    urn: v.string(),
    apiUrl: v.string(),
    kind: v.picklist(["key", "serviceAccount", "member"]),
    /** What the new thing is below: an account for a key, a project or an organization for the others. */
    parent: v.string(),
    /** What it can be told by: an account's display name, a member's email and role; empty for a key. */
    label: v.string(),
    /** Milliseconds since the epoch, by the local clock. */
    startedAt: v.number(),
    /** How far the server's clock was ahead of it. */
    ahead: v.number(),
    /** What was below the parent already and might be mistaken for it: none of that is ours. */
    before: v.pipe(v.array(v.string()), v.readonly()),
    pid: v.number(),
    /** The process, told from another that has the same id at another time. */
    run: v.string(),
  }),
  /** What has come since, and looks like it, is something else. */
  v.object({ event: v.literal("isNot"), entry: v.string(), names: v.array(v.string()) }),
  v.object({ event: v.literal("made"), entry: v.string(), name: v.string() }),
  /** The operation is over. `handed`: its result went to a living engine, so that a state may hold it. */
  v.object({ event: v.literal("ended"), entry: v.string(), handed: v.boolean() }),
  v.object({ event: v.literal("closed"), entry: v.string() }),
]);
export type Line = v.InferOutput<typeof Line>;
type Begin = Extract<Line, { event: "begin" }>;

export interface Intent extends Omit<Begin, "event" | "before"> {
  before: readonly string[];
  /** The API's name of what came out, once it is known. */
  made?: string;
  /** How the operation ended; undefined while it goes on, and for ever where its process was killed. */
  ended?: { readonly handed: boolean };
}

const day = 24 * 3_600_000;
/** Intents that nobody comes back for are forgotten after this long, in milliseconds; sooner where nothing is known to have come of them. */
const keptFor = { made: 90 * day, unknown: 7 * day };

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
export const journalFolder = (): string =>
  process.env.DT_JOURNAL || join(envPaths("pulumi-dt", { suffix: "" }).data, "journal");

interface Source {
  readonly path: string;
  readonly lines: readonly Line[];
  /** Nobody writes to it any more. */
  readonly isEnded: boolean;
}

function readOnce(): Map<string, Intent> {
  const directory = journalFolder();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // Names begin with a time: what is closed is closed in the same file or a later one.
  file ??= join(
    directory,
    `${new Date().toISOString().replaceAll(":", "-")}-${process.pid}-${randomUUID()}.jsonl`,
  );
  const names = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
  const sources = names.sort().map((name): Source => {
    const path = join(directory, name);
    return { path, lines: readLines(path), isEnded: path !== file && !isOwnerRunning(name) };
  });
  const open = fold(sources.flatMap(({ lines }) => lines));
  compact(sources, open);
  return open;
}

function fold(lines: readonly Line[]): Map<string, Intent> {
  const open = new Map<string, Intent>();
  for (const line of lines) if (line.event === "begin") open.set(line.entry, { ...line });
  for (const line of lines) apply(open, line);
  for (const [entry, { made, startedAt }] of open)
    if (startedAt < Date.now() - (made === undefined ? keptFor.unknown : keptFor.made)) open.delete(entry);
  return open;
}

function apply(open: Map<string, Intent>, line: Line): void {
  const intent = open.get(line.entry);
  if (intent === undefined) return;
  if (line.event === "isNot") intent.before = [...intent.before, ...line.names];
  if (line.event === "made") intent.made = line.name;
  if (line.event === "ended") intent.ended = { handed: line.handed };
  if (line.event === "closed") open.delete(line.entry);
}

function compact(sources: readonly Source[], open: ReadonlyMap<string, Intent>): void {
  const kept = new Set(
    sources.filter(({ isEnded }) => !isEnded).flatMap(({ lines }) => lines.map(({ entry }) => entry)),
  );
  for (const { path, lines, isEnded } of sources) {
    if (!isEnded) continue;
    // At once: there may be thousands.
    if (writeAll(lines.filter(({ entry }) => open.has(entry) || kept.has(entry)))) removeFile(path);
  }
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // Another process may have carried it over, too: lines that come twice do no harm.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Lines that can't be read are passed over: a kill may have cut the last one. */
function readLines(path: string): Line[] {
  const lines: Line[] = [];
  for (const text of readFileSync(path, "utf8").split("\n")) {
    if (text === "") continue;
    try {
      lines.push(v.parse(Line, JSON.parse(text)));
    } catch {
      continue;
    }
  }
  return lines;
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
