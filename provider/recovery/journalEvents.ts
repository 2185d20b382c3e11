import * as v from "valibot";

/** The lines of the journal, and the intents that result from them. */

const Line = v.variant("event", [
  v.object({
    event: v.literal("begin"),
    entry: v.string(),
    /** The resource's Pulumi URN. */
    urn: v.string(),
    apiUrl: v.string(),
    kind: v.picklist(["key", "serviceAccount", "member", "project"]),
    /** The parent of the new thing: an account for a key, an organization for a project, either or a project for the others. */
    parent: v.string(),
    /** How to recognise the new thing: the display name of an account or a project, a member's email and role; empty for a key. */
    label: v.string(),
    /** Milliseconds since the epoch, by the local clock. */
    startedAt: v.number(),
    /** How far the server's clock was ahead of the local clock, in milliseconds. */
    ahead: v.number(),
    /** Names below the parent that look like the new thing, but existed before it. */
    before: v.pipe(v.array(v.string()), v.readonly()),
    pid: v.number(),
    /**
     * Tells the process from a later one with the same id. Empty if the system can't tell them apart, and in earlier
     * versions.
     */
    mark: v.optional(v.string(), ""),
    /** The id of the run of the provider process. */
    run: v.string(),
    /** Identifies the state that the engine used, as a hash. */
    place: v.optional(v.string(), ""),
    stackId: v.optional(v.string()),
    isIdRecorded: v.optional(v.boolean()),
  }),
  /** Names that appeared later and look like the new thing, but are something else. */
  v.object({ event: v.literal("isNot"), entry: v.string(), names: v.array(v.string()) }),
  v.object({ event: v.literal("made"), entry: v.string(), name: v.string() }),
  /** The operation is over. `handed`: its result went to a running engine, so a state may hold the thing. */
  v.object({ event: v.literal("ended"), entry: v.string(), handed: v.boolean() }),
  v.object({
    event: v.literal("closed"),
    entry: v.string(),
    /** The key or account that a state holds, and when this was noted, in milliseconds since the epoch. */
    held: v.optional(v.object({ name: v.string(), since: v.number() })),
  }),
]);
export type Line = v.InferOutput<typeof Line>;
type Begin = Extract<Line, { event: "begin" }>;

export interface Intent extends Omit<Begin, "event" | "before"> {
  before: readonly string[];
  /** The API name of the new thing, once it is known. */
  made?: string;
  /** How the operation ended. Undefined while it runs, and forever if its process was killed. */
  ended?: { readonly handed: boolean };
}

/** The lines of one process. */
export interface ProcessJournal {
  readonly text: string;
  /** Its process has ended, so nobody writes to it. */
  readonly isEnded: boolean;
}

interface Entry {
  readonly diary: ProcessJournal;
  readonly entry: string;
  readonly text: string;
}

const day = 24 * 3_600_000;
/**
 * How long open intents are kept, in milliseconds. Intents that are not known to have created anything expire sooner.
 */
const keptFor = { made: 90 * day, unknown: 7 * day };

/** Replays all journals. Most of their many lines are about closed intents, and this does not parse those lines. */
export function replay(diaries: readonly ProcessJournal[]): {
  readonly open: Map<string, Intent>;
  /** Names of young keys and accounts that some state is known to hold. */
  readonly held: ReadonlySet<string>;
  /** Lines that only the journals of ended processes contain, and that must be kept. */
  readonly toCarryOver: readonly Line[];
} {
  const open = new Map<string, Intent>();
  const left = new Set<string>();
  const closings = new Map<string, ProcessJournal>();
  const held = new Set<string>();
  const lost: Line[] = [];
  for (const { diary, entry, text } of entriesOf(diaries, "closed")) {
    closings.set(entry, diary);
    const line = text.includes('"held":') ? parse(text) : undefined;
    if (line?.event !== "closed" || line.held === undefined || line.held.since < Date.now() - day) continue;
    held.add(line.held.name);
    if (diary.isEnded) lost.push(line);
  }
  for (const { diary, entry, text } of entriesOf(diaries, "begin")) {
    const closing = closings.get(entry);
    const line = closing === undefined ? parse(text) : undefined;
    if (closing?.isEnded === true && !diary.isEnded) lost.push({ event: "closed", entry });
    if (line?.event !== "begin") continue;
    if (diary.isEnded) left.add(entry);
    // Two processes may have carried over the same intent. Each may have ruled out other names.
    const before = [...new Set([...line.before, ...(open.get(entry)?.before ?? [])])];
    open.set(line.entry, { ...line, before });
  }
  for (const event of ["isNot", "made", "ended"] as const) {
    for (const { diary, entry, text } of entriesOf(diaries, event)) {
      const intent = open.get(entry);
      const line = intent === undefined ? undefined : parse(text);
      if (intent === undefined || line === undefined) continue;
      if (diary.isEnded) left.add(entry);
      apply(intent, line);
    }
  }
  for (const [entry, { made, startedAt }] of open)
    if (startedAt < Date.now() - (made === undefined ? keptFor.unknown : keptFor.made)) open.delete(entry);
  return { open, held, toCarryOver: [...lost, ...[...left].flatMap((entry) => linesOf(open.get(entry)))] };
}

function apply(intent: Intent, line: Line): void {
  if (line.event === "isNot") intent.before = [...intent.before, ...line.names];
  if (line.event === "made") intent.made = line.name;
  if (line.event === "ended") intent.ended = { handed: line.handed };
}

function linesOf(intent: Intent | undefined): Line[] {
  if (intent === undefined) return [];
  const { made, ended, ...begun } = intent;
  const { entry } = begun;
  return [
    { event: "begin", ...begun },
    ...(made === undefined ? [] : [{ event: "made", entry, name: made } as const]),
    ...(ended === undefined ? [] : [{ event: "ended", entry, ...ended } as const]),
  ];
}

function* entriesOf(diaries: readonly ProcessJournal[], event: Line["event"]): Generator<Entry> {
  const start = `{"event":"${event}",`;
  for (const diary of diaries) {
    for (const text of textLines(diary.text)) {
      // A kill may have cut a line at any point.
      const isWhole = text.startsWith(start) && text.endsWith("}");
      const entry = isWhole ? /"entry":"([^"]+)"/.exec(text)?.[1] : undefined;
      if (entry !== undefined) yield { diary, entry, text };
    }
  }
}

function* textLines(text: string): Generator<string> {
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    yield text.slice(start, end);
    start = end + 1;
  }
  yield text.slice(start);
}

/** Undefined if a line can't be read: a kill may have cut it, or another version may have written it. */
function parse(text: string): Line | undefined {
  try {
    return v.parse(Line, JSON.parse(text));
  } catch {
    return undefined;
  }
}
