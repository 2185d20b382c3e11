import * as v from "valibot";

/** What the journal's lines say, and what they come to. */

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
    /** Tells the process from a younger one that has got the same id; empty where the system can't, and in earlier versions. */
    mark: v.optional(v.string(), ""),
    /** The run of the provider. */
    run: v.string(),
    /** Which state the engine kept. */
    place: v.optional(v.string(), ""),
    stackId: v.optional(v.string()),
    isIdRecorded: v.optional(v.boolean()),
  }),
  /** What has come since, and looks like it, is something else. */
  v.object({ event: v.literal("isNot"), entry: v.string(), names: v.array(v.string()) }),
  v.object({ event: v.literal("made"), entry: v.string(), name: v.string() }),
  /** The operation is over. `handed`: its result went to a living engine, so that a state may hold it. */
  v.object({ event: v.literal("ended"), entry: v.string(), handed: v.boolean() }),
  v.object({
    event: v.literal("closed"),
    entry: v.string(),
    /** The key or account that a state holds because of it, and since when that is known. */
    held: v.optional(v.object({ name: v.string(), since: v.number() })),
  }),
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

/** The lines of one process. */
export interface ProcessJournal {
  readonly text: string;
  /** Nobody writes to it any more. */
  readonly isEnded: boolean;
}

interface Entry {
  readonly diary: ProcessJournal;
  readonly entry: string;
  readonly text: string;
}

const day = 24 * 3_600_000;
/** Intents that nobody comes back for are forgotten after this long, in milliseconds; sooner where nothing is known to have come of them. */
const keptFor = { made: 90 * day, unknown: 7 * day };

/** What all diaries come to. Their lines may be many, and most are about what is closed: those are not even parsed. */
export function replay(diaries: readonly ProcessJournal[]): {
  readonly open: Map<string, Intent>;
  /** Names of young keys and accounts that some state is known to hold. */
  readonly held: ReadonlySet<string>;
  /** What only ended ones say, and must be said on. */
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
    // Two processes may have carried over the same one, and each may know of something more that is not it.
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
      // A kill may have cut a line, wherever it was.
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

/** Undefined where a line can't be read: a kill may have cut it, or another version may have written it. */
function parse(text: string): Line | undefined {
  try {
    return v.parse(Line, JSON.parse(text));
  } catch {
    return undefined;
  }
}
