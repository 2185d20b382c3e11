import type { Intent } from "./journalEvents.js";
import { stackOf } from "../stack/urns.js";

type Look = Pick<Intent, "apiUrl" | "kind" | "parent" | "label">;
const lookOf = ({ apiUrl, kind, parent, label }: Look): string =>
  JSON.stringify([apiUrl, kind, parent, label]);

/**
 * What was begun and is not settled, found by whatever it is asked for: a stack may hold thousands, and every call of the engine's
 * asks.
 */
export class IntentIndex {
  readonly #byEntry = new Map<string, Intent>();
  readonly #byUrn = new Map<string, Intent[]>();
  readonly #byMade = new Map<string, Intent[]>();
  /** Those whose outcomes look the same. */
  readonly #byLook = new Map<string, Intent[]>();
  /** Those that nobody has looked at, by stack. */
  readonly #unseen = new Map<string, Set<Intent>>();

  constructor(intents: Iterable<Intent> = []) {
    for (const intent of intents) this.add(intent);
  }

  get(entry: string): Intent | undefined {
    return this.#byEntry.get(entry);
  }

  values(): IterableIterator<Intent> {
    return this.#byEntry.values();
  }

  add(intent: Intent): void {
    this.#byEntry.set(intent.entry, intent);
    if (intent.urn !== "") put(this.#byUrn, intent.urn, intent);
    put(this.#byLook, lookOf(intent), intent);
    if (intent.made !== undefined) put(this.#byMade, intent.made, intent);
    const stack = stackOf(intent.urn);
    if (stack === "") return;
    const unseen = this.#unseen.get(stack);
    if (unseen === undefined) this.#unseen.set(stack, new Set([intent]));
    else unseen.add(intent);
  }

  /** Notes what came out of it. */
  setMade(intent: Intent, name: string): void {
    if (intent.made !== undefined) take(this.#byMade, intent.made, intent);
    intent.made = name;
    put(this.#byMade, name, intent);
  }

  /** @returns whether it was there */
  delete(entry: string): boolean {
    const intent = this.#byEntry.get(entry);
    if (intent === undefined) return false;
    this.#byEntry.delete(entry);
    take(this.#byUrn, intent.urn, intent);
    take(this.#byLook, lookOf(intent), intent);
    if (intent.made !== undefined) take(this.#byMade, intent.made, intent);
    this.#unseen.get(stackOf(intent.urn))?.delete(intent);
    return true;
  }

  ofUrn(urn: string): Intent[] {
    return [...(this.#byUrn.get(urn) ?? [])];
  }

  /** Those whose outcome would look like that of `intent`, itself included if it is open. */
  like(intent: Look): Intent[] {
    return [...(this.#byLook.get(lookOf(intent)) ?? [])];
  }

  thatMade(name: string): Intent[] {
    return [...(this.#byMade.get(name) ?? [])];
  }

  /** Whether the stack of a resource has any that nobody has looked at and that are `wanted`. */
  hasUnseen(urn: string, wanted: (intent: Intent) => boolean): boolean {
    for (const intent of this.#unseen.get(stackOf(urn)) ?? []) if (wanted(intent)) return true;
    return false;
  }

  /** Those of a resource's stack that are `wanted`, each handed out once. */
  takeUnseen(urn: string, wanted: (intent: Intent) => boolean): Intent[] {
    const unseen = this.#unseen.get(stackOf(urn)) ?? new Set();
    const taken = [...unseen].filter(wanted);
    for (const intent of taken) unseen.delete(intent);
    return taken;
  }
}

function put(index: Map<string, Intent[]>, key: string, intent: Intent): void {
  const present = index.get(key);
  // One is the rule.
  if (present === undefined) index.set(key, [intent]);
  else present.push(intent);
}

function take(index: Map<string, Intent[]>, key: string, intent: Intent): void {
  const others = index.get(key)?.filter((each) => each !== intent) ?? [];
  if (others.length > 0) index.set(key, others);
  else index.delete(key);
}
