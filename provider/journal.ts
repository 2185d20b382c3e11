import { createHash, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { notice } from "./api/notice.js";
import { aheadOfUs } from "./api/serverClock.js";
import { isEngineThere } from "./enginePresence.js";
import type { Intent, Line } from "./journalEvents.js";
import { isRunning, readIntents, write } from "./journalFile.js";
import { OpenIntents } from "./openIntents.js";

export type { Intent };

/**
 * A diary of what is being created, kept beside Pulumi's state. A process that is killed between a POST and the engine's record
 * leaves no trace in Pulumi, and the engine then creates a second one without a word; here the first one is found again.
 * Never a secret in it. Where it can't be written, work goes on without it, and says so.
 */

export type NewIntent = Pick<Intent, "urn" | "apiUrl" | "kind" | "parent" | "label" | "before">;

const run = randomUUID();
const place = createHash("sha256")
  .update(JSON.stringify([process.cwd(), process.env.PULUMI_BACKEND_URL ?? ""]))
  .digest("hex")
  .slice(0, 16);
let intents: OpenIntents | undefined;
/** Entries that an operation of this process is at work on. */
const working = new Set<string>();
/** Names that a state was seen to hold. */
const held = new Set<string>();
const urnsWithState = new Map<string, { hasShownIts: boolean }>();

const open = (): OpenIntents => (intents ??= new OpenIntents(readIntents().values()));

/** Looks again at what other processes have written. */
function reread(): void {
  // Without a URN nobody could find it again, so it is only in memory.
  const unwritten = [...open().values()].filter(({ urn }) => urn === "");
  intents = new OpenIntents([...readIntents().values(), ...unwritten]);
}

/** Writes down that something is about to be created. */
export function begin(wanted: NewIntent): Intent {
  const entry = randomUUID();
  const present = open()
    .like(wanted)
    .flatMap(({ made }) => made ?? []);
  const intent: Intent = {
    ...wanted,
    before: [...wanted.before, ...present],
    entry,
    startedAt: Date.now(),
    ahead: aheadOfUs(),
    pid: process.pid,
    run,
    place,
  };
  open().add(intent);
  working.add(entry);
  append(intent, { event: "begin", ...intent });
  return intent;
}

/** Writes down what came out: from now on it is provably ours, and of nothing else that is open and looks like it. */
export function made({ entry, urn }: Intent, name: string): void {
  const known = open().get(entry);
  append({ urn }, { event: "made", entry, name });
  if (known === undefined) return;
  open().setMade(known, name);
  for (const other of open().like(known)) if (other.made === undefined) isNot(other, [name]);
}

/** Whether something that looks the same is being created at this moment, and might be taken for it. */
export const hasRival = (intent: Intent): boolean =>
  open()
    .like(intent)
    .some(({ entry, made }) => entry !== intent.entry && made === undefined && working.has(entry));

/** Writes down that `names` are not what came out, though they look like it. */
export function isNot({ entry }: Intent, names: readonly string[]): void {
  const known = open().get(entry);
  if (known === undefined || names.length === 0) return;
  known.before = [...known.before, ...names];
  append(known, { event: "isNot", entry, names: [...names] });
}

/** The matter is settled: nothing was made, or what was made is taken care of. */
export function close({ entry, urn }: Intent): void {
  working.delete(entry);
  if (open().delete(entry)) append({ urn }, { event: "closed", entry });
}

/**
 * Writes down, where an operation has made something, that its result now goes to the engine: a state may hold it from here on.
 * Where the engine is dead, as after a kill of the Pulumi CLI, nobody will ever hold it.
 */
export async function handOver(urn: string): Promise<void> {
  const mine = workingOn(urn);
  if (mine.some((intent) => intent.made !== undefined)) end(mine, await isEngineThere());
}

/** An operation is over, and nobody has what came of it unless it was handed over. */
export function leave(urn: string): void {
  end(workingOn(urn), false);
}

function end(mine: readonly Intent[], handed: boolean): void {
  for (const intent of mine) {
    working.delete(intent.entry);
    intent.ended = { handed };
    append(intent, { event: "ended", entry: intent.entry, handed });
  }
}

const workingOn = (urn: string): Intent[] => openFor(urn).filter(({ entry }) => working.has(entry));
const openFor = (urn: string): Intent[] => (urn === "" ? [] : open().ofUrn(urn));

/** What earlier operations began for this resource and no state has shown since. */
export function unfinished({ urn, apiUrl, kind, parent }: Omit<NewIntent, "label" | "before">): Intent[] {
  return openFor(urn).filter(
    (intent) =>
      intent.apiUrl === apiUrl && intent.kind === kind && intent.parent === parent && isLeft(intent),
  );
}

/** What earlier operations left open in the stack of this resource; each is handed out once. */
export const leftInStack = (urn: string, apiUrl: string): Intent[] =>
  open().takeUnseen(urn, (intent) => intent.apiUrl === apiUrl && isLeft(intent));

const isLeft = (intent: Intent): boolean => !working.has(intent.entry) && !isElsewhere(intent);

/** Whether nobody can have it: its operation ended, or was killed, before the engine had it. */
export const isProvablyLost = ({ ended }: Intent): boolean => ended?.handed !== true;

/**
 * Whether what came of it may be taken up again where the engine asks to create it: it is lost, or it was handed over to record it in
 * the very state that does not show it in a later run, as when the engine is killed before it writes.
 */
export const mayBeTakenUp = (intent: Intent): boolean =>
  isProvablyLost(intent) || (intent.place === place && intent.run !== run);

/** No operation works longer than this, in milliseconds; so an id that is still in use is another process's. */
const longestWork = 15 * 60_000;

/** Whether another process is at work on it. */
const isElsewhere = (intent: Intent): boolean =>
  intent.ended === undefined &&
  intent.run !== run &&
  Date.now() - intent.startedAt < longestWork &&
  isRunning(intent.pid);

/** Waits while the provider of an earlier run, which outlives a killed CLI, is still at work on this resource. Bounded. */
export async function awaitOtherRuns(urn: string): Promise<void> {
  for (let waited = 0; openFor(urn).some(isElsewhere) && waited < longestWait; waited += lookEvery) {
    notice("waiting for an interrupted run that is still creating something");
    await setTimeout(lookEvery);
    reread();
  }
}
const lookEvery = 200;
const longestWait = 120_000;

/** A state holds these: whatever intent they came from is fulfilled. */
export function seenInState(urn: string, names: readonly string[]): void {
  if (urn !== "") urnsWithState.set(urn, { hasShownIts: true });
  for (const name of names) held.add(name);
  for (const name of names) open().thatMade(name).forEach(close);
}

/** The state holds this resource, but has not shown yet what it is in the cloud. */
export function existsInState(urn: string): void {
  if (!urnsWithState.has(urn)) urnsWithState.set(urn, { hasShownIts: false });
}

/** Whether the state may hold something of this resource that we were not shown: then nothing of its is provably lost. */
export const mayBeHeld = (urn: string): boolean => urnsWithState.get(urn)?.hasShownIts === false;

/** Whether anybody's journal or state accounts for this name. */
export const isAccountedFor = (name: string): boolean => held.has(name) || open().thatMade(name).length > 0;

/** How long after its beginning a creation may still have come about, in milliseconds. */
const window = 10 * 60_000;

/** Whether nothing can come of it any more that has not come yet. */
export const isOver = ({ startedAt }: Intent): boolean => Date.now() - startedAt > window;

/**
 * Whether something that was created at `createTime` may be what `intent` was about: not older, not much younger, and known to be
 * nobody else's. A time of null or 1970, as the API has for some members, tells nothing.
 */
export function mayBeOf(
  { startedAt, ahead, before }: Intent,
  { name, createTime }: { readonly name: string; readonly createTime: string },
): boolean {
  if (before.includes(name) || isAccountedFor(name)) return false;
  const age = Date.parse(createTime) - (startedAt + ahead);
  // Two seconds: the server's clock is known to the second, as its Date header is.
  return !(Date.parse(createTime) > aYear) || (age > -2000 && age < window);
}
const aYear = 365 * 24 * 3_600_000;

function append({ urn }: Pick<Intent, "urn">, line: Line): void {
  if (urn !== "") write(line);
}
