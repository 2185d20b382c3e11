import { randomUUID } from "node:crypto";
import { serverClockOffset } from "../api/http/serverClock.js";
import { isEngineThere } from "../machine/enginePresence.js";
import type { Intent, Line } from "./journalEvents.js";
import { beginCreating, readJournal, write } from "./journalFile.js";
import { IntentIndex } from "./intentIndex.js";
import { isRunning, thisProcess } from "../machine/processIdentity.js";
import { recordedNames } from "../stack/recordedHolders.js";
import { isOfPresentState, learnState, originFor } from "../stack/stackIdentity.js";

export type { Intent };

/**
 * A diary of what is being created, kept beside Pulumi's state. A process that is killed between a POST and the engine's record
 * leaves no trace in Pulumi, and the engine then creates a second one without a word; here the first one is found again.
 * Never a secret in it. Where it can't be written, work goes on without it, and says so.
 */

export type NewIntent = Pick<Intent, "urn" | "apiUrl" | "kind" | "parent" | "label" | "before">;

const run = randomUUID();
let intents: IntentIndex | undefined;
/** Entries that an operation of this process is at work on. */
const working = new Set<string>();
/** Names that a state was seen to hold. */
const held = new Set<string>();
const urnsWithState = new Map<string, { hasShownIts: boolean }>();

const open = (): IntentIndex => intents ?? reloadJournal();

/** Looks again at what other processes have written. */
export function reloadJournal(): IntentIndex {
  // Without a URN nobody could find it again, so it is only in memory.
  const unwritten = [...(intents?.values() ?? [])].filter(({ urn }) => urn === "");
  const journal = readJournal();
  for (const name of journal.held) held.add(name);
  return (intents = new IntentIndex([...journal.open.values(), ...unwritten]));
}

/**
 * Learns what Pulumi has recorded for the stack of a resource: what is in there is nobody's orphan. Asks once in a process.
 *
 * @returns whether the state could be read
 */
export async function loadRecordedNames(urn: string): Promise<boolean> {
  const recorded = await learnState(urn);
  if (recorded === undefined) return false;
  if (learnt.has(recorded)) return true;
  learnt.add(recorded);
  for (const name of recordedNames(recorded)) noteHeld(name);
  return true;
}
const learnt = new WeakSet();

/** Writes down that something is about to be created. */
export function beginIntent(wanted: NewIntent): Intent {
  beginCreating();
  const entry = randomUUID();
  const present = open()
    .like(wanted)
    .flatMap(({ made }) => made ?? []);
  const intent: Intent = {
    ...wanted,
    before: [...wanted.before, ...present],
    entry,
    startedAt: Date.now(),
    ahead: serverClockOffset(),
    ...thisProcess(),
    run,
    ...originFor(wanted.urn),
  };
  open().add(intent);
  working.add(entry);
  append(intent, { event: "begin", ...intent });
  return intent;
}

/** Writes down what came out: from now on it is provably ours, and of nothing else that is open and looks like it. */
export function noteCreated({ entry, urn }: Intent, name: string): void {
  const known = open().get(entry);
  append({ urn }, { event: "made", entry, name });
  if (known === undefined) return;
  open().setMade(known, name);
  for (const other of open().like(known)) if (other.made === undefined) ruleOut(other, [name]);
}

/** Whether something that looks the same is being created at this moment, and might be taken for it. */
export const hasCompetingIntent = (intent: Intent): boolean =>
  open()
    .like(intent)
    .some(({ entry, made }) => entry !== intent.entry && made === undefined && working.has(entry));

/** Writes down that `names` are not what came out, though they look like it. */
export function ruleOut({ entry }: Intent, names: readonly string[]): void {
  const known = open().get(entry);
  if (known === undefined || names.length === 0) return;
  known.before = [...known.before, ...names];
  append(known, { event: "isNot", entry, names: [...names] });
}

/** The matter is settled: nothing was made, or what was made is taken care of. */
export function closeIntent({ entry, urn }: Intent): void {
  end(entry, urn, { event: "closed", entry });
}

function end(entry: string, urn: string, line: Line): void {
  working.delete(entry);
  if (open().delete(entry)) append({ urn }, line);
}

/**
 * Writes down, where an operation has made something, that its result now goes to the engine: a state may hold it from here on.
 * Where the engine is dead, as after a kill of the Pulumi CLI, nobody will ever hold it.
 */
export async function confirmRecorded(urn: string): Promise<void> {
  const mine = workingOn(urn);
  if (mine.some((intent) => intent.made !== undefined)) leaveAll(mine, await isEngineThere());
}

/** An operation is over, and nobody has what came of it unless it was handed over. */
export function endWork(urn: string): void {
  leaveAll(workingOn(urn), false);
}

function leaveAll(mine: readonly Intent[], handed: boolean): void {
  for (const intent of mine) {
    working.delete(intent.entry);
    intent.ended = { handed };
    append(intent, { event: "ended", entry: intent.entry, handed });
  }
}

const workingOn = (urn: string): Intent[] => openFor(urn).filter(({ entry }) => working.has(entry));
const openFor = (urn: string): Intent[] => (urn === "" ? [] : open().ofUrn(urn));

/** What earlier operations began for this resource and no state has shown since. */
export function openIntentsOf({ urn, apiUrl, kind, parent }: Omit<NewIntent, "label" | "before">): Intent[] {
  return openFor(urn).filter(
    (intent) =>
      intent.apiUrl === apiUrl &&
      intent.kind === kind &&
      intent.parent === parent &&
      !working.has(intent.entry) &&
      isOfPresentState(urn, intent),
  );
}

/**
 * What earlier operations left open in the stack of this resource and no state can hold; each is handed out once. Asks Pulumi only
 * where there is any.
 */
export async function orphanIntentsIn(urn: string, apiUrl: string): Promise<Intent[]> {
  const isLeft = (intent: Intent): boolean =>
    intent.apiUrl === apiUrl &&
    !working.has(intent.entry) &&
    // What was handed over is most likely in the state, which is shown only later.
    (intent.made === undefined || isProvablyLost(intent)) &&
    !isElsewhere(intent);
  if (!open().hasUnseen(urn, isLeft)) return [];
  await loadRecordedNames(urn);
  return open().takeUnseen(urn, (intent) => isLeft(intent) && isOfPresentState(urn, intent));
}

/** Whether nobody can have it: its operation ended, or was killed, before the engine had it. */
export const isProvablyLost = ({ ended }: Intent): boolean => ended?.handed !== true;

/**
 * Whether what came of it may be taken up again where the engine asks to create it: it is lost, or it was handed over to record it in
 * the very state that does not show it in a later run, as when the engine is killed before it writes.
 */
export const mayBeResumed = (intent: Intent): boolean => isProvablyLost(intent) || intent.run !== run;

/** Where a process has no mark, its id tells of it no longer than any operation takes, in milliseconds. */
const longestWork = 15 * 60_000;

/** Whether another process is at work on it. */
const isElsewhere = (intent: Intent): boolean =>
  intent.ended === undefined &&
  intent.run !== run &&
  (intent.mark !== "" || Date.now() - intent.startedAt < longestWork) &&
  isRunning(intent);

/** What other processes, which may have outlived the run that began them, are creating for this resource. */
export const intentsOfOtherProcesses = (urn: string): Intent[] =>
  openFor(urn).filter((intent) => isElsewhere(intent) && isOfPresentState(urn, intent));

/** A state holds these: whatever intent they came from is fulfilled. */
export function noteInState(urn: string, names: readonly string[]): void {
  if (urn !== "") urnsWithState.set(urn, { hasShownIts: true });
  for (const name of names) noteHeld(name);
}

function noteHeld(name: string): void {
  held.add(name);
  for (const { entry, urn, kind } of open().thatMade(name)) {
    // Another stack on this machine would report it as an orphan, as long as it is young.
    const proof = kind === "member" ? {} : { held: { name, since: Date.now() } };
    end(entry, urn, { event: "closed", entry, ...proof });
  }
}

/** The state holds this resource, but has not shown yet what it is in the cloud. */
export function noteResourceInState(urn: string): void {
  if (!urnsWithState.has(urn)) urnsWithState.set(urn, { hasShownIts: false });
}

/** Whether the state may hold something of this resource that we were not shown: then nothing of its is provably lost. */
export const mayBeInState = (urn: string): boolean => urnsWithState.get(urn)?.hasShownIts === false;

/** Whether the state, or anybody's journal on this machine, accounts for this name. */
export const isAccountedFor = (name: string): boolean => held.has(name) || open().thatMade(name).length > 0;

/** Whether nothing else that is open, and looks the same, is `mayBe` it. */
export const isOnlyOne = (intent: Intent, mayBe: (other: Intent) => boolean): boolean =>
  open()
    .like(intent)
    .every((other) => other.entry === intent.entry || other.made !== undefined || !mayBe(other));

function append({ urn }: Pick<Intent, "urn">, line: Line): void {
  if (urn !== "") write(line);
}
