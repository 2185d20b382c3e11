import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import envPaths from "env-paths";
import * as v from "valibot";
import { notice } from "./api/notice.js";

/**
 * A diary of what is being created, kept beside Pulumi's state. A process that is killed between a POST and the engine's record
 * leaves no trace in Pulumi, and the engine then creates a second one without a word; here the first one is found again.
 *
 * One file a process, a line an event, only ever appended to, readable by the user alone, and never a secret in it.
 */
const Line = v.variant("event", [
  v.object({
    event: v.literal("begin"),
    entry: v.string(),
    /** Which resource of which stack, as Pulumi names it. */
    urn: v.string(),
    apiUrl: v.string(),
    /** What the new thing is below: an account for a key, a project or an organization for the others. */
    parent: v.string(),
    /** Milliseconds since the epoch, by the local clock. */
    startedAt: v.number(),
    /** What was below the parent already: none of that is ours. */
    before: v.array(v.string()),
    pid: v.number(),
  }),
  v.object({ event: v.literal("made"), entry: v.string(), name: v.string() }),
  v.object({ event: v.literal("closed"), entry: v.string() }),
]);
type Line = v.InferOutput<typeof Line>;
type Begin = Extract<Line, { event: "begin" }>;

export interface Intent extends Omit<Begin, "event"> {
  /** The API's name of what came out, once it is known. */
  made?: string;
}

export type NewIntent = Pick<Begin, "urn" | "apiUrl" | "parent" | "before">;

/** Intents that nobody comes back for are forgotten after this long, in milliseconds. */
const keptFor = 90 * 24 * 3_600_000;

let intents: Map<string, Intent> | undefined;
let file: string | undefined;
/** What this process has seen in a state, or made itself. */
const names = new Set<string>();
const urnsWithState = new Map<string, { hasShownIts: boolean }>();

/** Writes down that something is about to be created. */
export function begin(intent: NewIntent): Intent {
  const entry = { ...intent, entry: randomUUID(), startedAt: Date.now(), pid: process.pid };
  load().set(entry.entry, entry);
  append(entry, { event: "begin", ...entry });
  return entry;
}

/** Writes down what came out: from now on it is provably ours. */
export function made(intent: Intent, name: string): void {
  const known = load().get(intent.entry);
  if (known !== undefined) known.made = name;
  names.add(name);
  append(intent, { event: "made", entry: intent.entry, name });
}

/** The matter is settled: nothing was made, or what was made is taken care of. */
export function close(intent: Intent): void {
  if (load().delete(intent.entry)) append(intent, { event: "closed", entry: intent.entry });
}

/** What earlier runs began for this resource and no state has shown since. */
export function unfinished({ urn, apiUrl, parent }: Omit<NewIntent, "before">): Intent[] {
  return openFor(urn).filter(
    (intent) =>
      intent.apiUrl === apiUrl &&
      intent.parent === parent &&
      intent.pid !== process.pid &&
      (intent.made === undefined || !names.has(intent.made)),
  );
}

/**
 * Waits while the provider of an earlier run, which outlives a killed CLI, is still at work on this resource.
 * Bounded by the longest time that a call may take.
 */
export async function awaitOtherRuns(urn: string): Promise<void> {
  const isBusy = ({ made, pid }: Intent) => made === undefined && pid !== process.pid && isRunning(pid);
  for (let waited = 0; openFor(urn).some(isBusy) && waited < longestWait; waited += lookEvery) {
    notice("waiting for an interrupted run that is still creating something");
    await setTimeout(lookEvery);
    intents = undefined;
  }
}
const lookEvery = 500;
const longestWait = 120_000;

const openFor = (urn: string): Intent[] =>
  urn === "" ? [] : [...load().values()].filter((intent) => intent.urn === urn);

/**
 * A state holds these: whatever intent they came from is fulfilled.
 *
 * @returns what an ended run made for the same resource and the state does not hold: orphans, provably ours.
 */
export function seenInState(urn: string, held: readonly string[]): string[] {
  if (urn !== "") urnsWithState.set(urn, { hasShownIts: true });
  for (const name of held) names.add(name);
  for (const intent of [...load().values()]) {
    if (intent.made !== undefined && held.includes(intent.made)) close(intent);
  }
  const orphans = openFor(urn).filter(
    ({ made, pid }) => made !== undefined && !names.has(made) && pid !== process.pid && !isRunning(pid),
  );
  orphans.forEach(close);
  return orphans.flatMap(({ made }) => made ?? []);
}

/** The state holds this resource, but has not shown yet what it is in the cloud. */
export function existsInState(urn: string): void {
  if (!urnsWithState.has(urn)) urnsWithState.set(urn, { hasShownIts: false });
}

/** Whether the state may hold something of this resource that we were not shown: then nothing of its is provably lost. */
export const mayBeHeld = (urn: string): boolean => urnsWithState.get(urn)?.hasShownIts === false;

/** Whether anybody's journal or state accounts for this name. */
export const isAccountedFor = (name: string): boolean =>
  names.has(name) || [...load().values()].some((intent) => intent.made === name);

function load(): Map<string, Intent> {
  if (intents !== undefined) return intents;
  intents = new Map();
  try {
    const directory = directoryOf();
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // Names begin with a time: what is closed is closed in the same file or a later one.
    const files = readdirSync(directory)
      .filter((name) => name.endsWith(".jsonl"))
      .sort();
    const read = files.map((name) => ({
      path: join(directory, name),
      lines: readLines(join(directory, name)),
    }));
    const lines = read.flatMap((each) => each.lines);
    for (const line of lines) if (line.event === "begin") intents.set(line.entry, line);
    for (const line of lines) apply(intents, line);
    file = join(directory, `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID()}.jsonl`);
    compact(read, intents);
  } catch (error) {
    notice(
      `the journal of what is being created can't be kept (${(error as Error).message}); after a crash, look for orphaned keys with \`pulumi-dt drift\`. Set DT_JOURNAL to a folder that can be written`,
    );
  }
  return intents;
}

/** Carries what is still open over from the files of ended processes into our own, and removes those, oldest first. */
function compact(read: readonly { path: string; lines: Line[] }[], open: Map<string, Intent>): void {
  const ended = read.filter((each) =>
    each.lines.every((line) => line.event !== "begin" || !isRunning(line.pid)),
  );
  const running = new Set(
    read.filter((each) => !ended.includes(each)).flatMap((each) => each.lines.map(({ entry }) => entry)),
  );
  for (const { lines: old } of ended) {
    for (const line of old)
      if (line.event === "closed" ? running.has(line.entry) : open.has(line.entry)) write(line);
  }
  for (const { path } of ended) unlinkSync(path);
}

function apply(open: Map<string, Intent>, line: Line): void {
  const intent = open.get(line.entry);
  if (intent === undefined) return;
  if (line.event === "made") intent.made = line.name;
  if (line.event === "closed" || intent.startedAt < Date.now() - keptFor) open.delete(line.entry);
}

/** Lines that can't be read are passed over: a kill may have cut the last one. */
function readLines(path: string): Line[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((text) => {
      try {
        return [v.parse(Line, JSON.parse(text))];
      } catch {
        return [];
      }
    });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function append({ urn }: Pick<Intent, "urn">, line: Line): void {
  // Without a URN nobody could find it again.
  if (urn !== "") write(line);
}

function write(line: Line): void {
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

const directoryOf = (): string =>
  process.env.DT_JOURNAL ?? join(envPaths("pulumi-dt", { suffix: "" }).data, "journal");
