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
 * An intent log of creations, kept beside Pulumi's state. If a process is killed between a POST and the engine's
 * record, Pulumi knows nothing of the new thing, and the next run would create a second one. The journal lets that run
 * find the first one. It never contains a secret. If it can't be written, the run continues without it and prints a
 * notice.
 */

export type NewIntent = Pick<Intent, "urn" | "apiUrl" | "kind" | "parent" | "label" | "before">;

const run = randomUUID();
let intents: IntentIndex | undefined;
/** Entries of intents that an operation of this process is at work on. */
const working = new Set<string>();
/** Names that a state is known to hold. */
const held = new Set<string>();
const urnsWithState = new Map<string, { hasShownIts: boolean }>();

const open = (): IntentIndex => intents ?? reloadJournal();

/** Reads again what other processes have written. */
export function reloadJournal(): IntentIndex {
  // Intents without a URN are only in memory, because no later run could find them.
  const unwritten = [...(intents?.values() ?? [])].filter(({ urn }) => urn === "");
  const journal = readJournal();
  for (const name of journal.held) held.add(name);
  return (intents = new IntentIndex([...journal.open.values(), ...unwritten]));
}

/**
 * Loads the names that Pulumi has recorded for the stack of a resource, once per process. A recorded thing is not an
 * orphan.
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

/** Records that something is about to be created. */
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

/**
 * Records the API name of the thing that an intent created. From now on, the thing is provably ours. It is not the
 * outcome of other open intents that look the same.
 */
export function noteCreated({ entry, urn }: Intent, name: string): void {
  const known = open().get(entry);
  append({ urn }, { event: "made", entry, name });
  if (known === undefined) return;
  open().setMade(known, name);
  for (const other of open().like(known)) if (other.made === undefined) ruleOut(other, [name]);
}

/** Whether this process is creating another thing that looks the same, so that the two could be confused. */
export const hasCompetingIntent = (intent: Intent): boolean =>
  open()
    .like(intent)
    .some(({ entry, made }) => entry !== intent.entry && made === undefined && working.has(entry));

/** Records that the intent did not create `names`, although they look like its outcome. */
export function ruleOut({ entry }: Intent, names: readonly string[]): void {
  const known = open().get(entry);
  if (known === undefined || names.length === 0) return;
  known.before = [...known.before, ...names];
  append(known, { event: "isNot", entry, names: [...names] });
}

/** Closes an intent: it created nothing, or its thing is in a state, removed or reported. */
export function closeIntent({ entry, urn }: Intent): void {
  end(entry, urn, { event: "closed", entry });
}

function end(entry: string, urn: string, line: Line): void {
  working.delete(entry);
  if (open().delete(entry)) append({ urn }, line);
}

/**
 * Records that the result of an operation now goes to the engine, if the operation created something. From here on, a
 * state may hold the thing. If the engine is dead, for example because the Pulumi CLI was killed, no state will hold
 * it.
 */
export async function confirmRecorded(urn: string): Promise<void> {
  const mine = workingOn(urn);
  if (mine.some((intent) => intent.made !== undefined)) leaveAll(mine, await isEngineThere());
}

/** Records that an operation is over. No state holds its result, unless `confirmRecorded` was called before. */
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

/** The open intents of earlier operations on this resource. No state has shown their things since. */
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
 * The intents that earlier operations left open in the stack of this resource, and whose things no state can hold.
 * Returns each intent only once. Asks Pulumi for the state only if there are such intents.
 */
export async function orphanIntentsIn(urn: string, apiUrl: string): Promise<Intent[]> {
  const isLeft = (intent: Intent): boolean =>
    intent.apiUrl === apiUrl &&
    !working.has(intent.entry) &&
    // A thing that went to the engine is most likely in the state, which is shown only later.
    (intent.made === undefined || isProvablyLost(intent)) &&
    !isElsewhere(intent);
  if (!open().hasUnseen(urn, isLeft)) return [];
  await loadRecordedNames(urn);
  return open().takeUnseen(urn, (intent) => isLeft(intent) && isOfPresentState(urn, intent));
}

/** Whether no state can hold the thing: the operation ended, or was killed, before the engine got the result. */
export const isProvablyLost = ({ ended }: Intent): boolean => ended?.handed !== true;

/**
 * Whether a creation may use the thing of an earlier intent. Either the thing is provably lost, or an earlier run
 * passed it to the engine and the state still does not show it. That happens if the engine is killed before it writes
 * the state.
 */
export const mayBeResumed = (intent: Intent): boolean => isProvablyLost(intent) || intent.run !== run;

/**
 * The longest operation, in milliseconds. After this time, a process id without a mark proves nothing, because the
 * system may have reused it.
 */
const longestWork = 15 * 60_000;

/** Whether another process is at work on the intent. */
const isElsewhere = (intent: Intent): boolean =>
  intent.ended === undefined &&
  intent.run !== run &&
  (intent.mark !== "" || Date.now() - intent.startedAt < longestWork) &&
  isRunning(intent);

/**
 * The intents of this resource that other processes are at work on. They may have outlived the run that started them.
 */
export const intentsOfOtherProcesses = (urn: string): Intent[] =>
  openFor(urn).filter((intent) => isElsewhere(intent) && isOfPresentState(urn, intent));

/** Notes that a state holds these names, and closes the intents that created them. */
export function noteInState(urn: string, names: readonly string[]): void {
  if (urn !== "") urnsWithState.set(urn, { hasShownIts: true });
  for (const name of names) noteHeld(name);
}

function noteHeld(name: string): void {
  held.add(name);
  for (const { entry, urn, kind } of open().thatMade(name)) {
    // Without the proof, another stack on this machine would report a young thing as an orphan.
    const proof = kind === "member" ? {} : { held: { name, since: Date.now() } };
    end(entry, urn, { event: "closed", entry, ...proof });
  }
}

/** Notes that the state holds this resource, but has not shown yet which thing in the cloud it is. */
export function noteResourceInState(urn: string): void {
  if (!urnsWithState.has(urn)) urnsWithState.set(urn, { hasShownIts: false });
}

/**
 * Whether the state may hold a thing of this resource that it has not shown. If so, none of its things is provably
 * lost.
 */
export const mayBeInState = (urn: string): boolean => urnsWithState.get(urn)?.hasShownIts === false;

/** Whether a state, or a journal on this machine, accounts for this name. */
export const isAccountedFor = (name: string): boolean => held.has(name) || open().thatMade(name).length > 0;

/** Whether `mayBe` is false for all other unfinished intents whose things would look the same. */
export const isOnlyOne = (intent: Intent, mayBe: (other: Intent) => boolean): boolean =>
  open()
    .like(intent)
    .every((other) => other.entry === intent.entry || other.made !== undefined || !mayBe(other));

function append({ urn }: Pick<Intent, "urn">, line: Line): void {
  if (urn !== "") write(line);
}
