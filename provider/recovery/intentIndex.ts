import type { Intent } from "./journalEvents.js";
import { resourceKey } from "../stack/doors.js";
import { stackOf } from "../stack/urns.js";

type Look = Pick<Intent, "apiUrl" | "kind" | "parent" | "label">;
const lookOf = ({ apiUrl, kind, parent, label }: Look): string =>
  JSON.stringify([apiUrl, kind, parent, label]);

/**
 * The open intents, indexed by everything that they are searched by. A stack may have thousands, and every call of the
 * engine searches them.
 */
export class IntentIndex {
  readonly #byEntry = new Map<string, Intent>();
  readonly #byUrn = new Map<string, Intent[]>();
  readonly #byMade = new Map<string, Intent[]>();
  /** Groups the intents whose outcomes look the same. */
  readonly #byLook = new Map<string, Intent[]>();
  /** The intents that `takeUnseen` has not returned yet, by stack. */
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
    if (intent.urn !== "") put(this.#byUrn, resourceKey(intent.urn), intent);
    put(this.#byLook, lookOf(intent), intent);
    if (intent.made !== undefined) put(this.#byMade, intent.made, intent);
    const stack = stackOf(intent.urn);
    if (stack === "") return;
    const unseen = this.#unseen.get(stack);
    if (unseen === undefined) this.#unseen.set(stack, new Set([intent]));
    else unseen.add(intent);
  }

  /** Notes the API name of the thing that the intent created. */
  setMade(intent: Intent, name: string): void {
    if (intent.made !== undefined) take(this.#byMade, intent.made, intent);
    intent.made = name;
    put(this.#byMade, name, intent);
  }

  /** @returns whether the intent was open */
  delete(entry: string): boolean {
    const intent = this.#byEntry.get(entry);
    if (intent === undefined) return false;
    this.#byEntry.delete(entry);
    take(this.#byUrn, resourceKey(intent.urn), intent);
    take(this.#byLook, lookOf(intent), intent);
    if (intent.made !== undefined) take(this.#byMade, intent.made, intent);
    this.#unseen.get(stackOf(intent.urn))?.delete(intent);
    return true;
  }

  ofUrn(urn: string): Intent[] {
    return [...(this.#byUrn.get(resourceKey(urn)) ?? [])];
  }

  /** The intents whose outcome would look like that of `intent`. Includes `intent` itself if it is open. */
  like(intent: Look): Intent[] {
    return [...(this.#byLook.get(lookOf(intent)) ?? [])];
  }

  thatMade(name: string): Intent[] {
    return [...(this.#byMade.get(name) ?? [])];
  }

  /** Whether the stack of a resource has unseen intents that are `wanted`. */
  hasUnseen(urn: string, wanted: (intent: Intent) => boolean): boolean {
    for (const intent of this.#unseen.get(stackOf(urn)) ?? []) if (wanted(intent)) return true;
    return false;
  }

  /** The unseen intents of a resource's stack that are `wanted`. Returns each intent only once. */
  takeUnseen(urn: string, wanted: (intent: Intent) => boolean): Intent[] {
    const unseen = this.#unseen.get(stackOf(urn)) ?? new Set();
    const taken = [...unseen].filter(wanted);
    for (const intent of taken) unseen.delete(intent);
    return taken;
  }
}

function put(index: Map<string, Intent[]>, key: string, intent: Intent): void {
  const present = index.get(key);
  // There is usually only one.
  if (present === undefined) index.set(key, [intent]);
  else present.push(intent);
}

function take(index: Map<string, Intent[]>, key: string, intent: Intent): void {
  const others = index.get(key)?.filter((each) => each !== intent) ?? [];
  if (others.length > 0) index.set(key, others);
  else index.delete(key);
}
