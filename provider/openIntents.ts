import type { Intent } from "./journalFile.js";

type Look = Pick<Intent, "apiUrl" | "kind" | "parent" | "label">;
const lookOf = ({ apiUrl, kind, parent, label }: Look): string =>
  JSON.stringify([apiUrl, kind, parent, label]);

/** The stack of a resource, and its project, by the URN. */
const stackOf = (urn: string): string | undefined => /^urn:pulumi:(.+?::.+?)::/.exec(urn)?.[1];

/**
 * What was begun and is not settled, found by whatever it is asked for: a stack may hold thousands, and every call of the engine's
 * asks.
 */
export class OpenIntents {
  readonly #byEntry = new Map<string, Intent>();
  readonly #byUrn = new Map<string, Set<Intent>>();
  readonly #byMade = new Map<string, Set<Intent>>();
  /** Those whose outcomes look the same. */
  readonly #byLook = new Map<string, Set<Intent>>();
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
    if (stack !== undefined) put(this.#unseen, stack, intent);
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
    take(this.#unseen, stackOf(intent.urn) ?? "", intent);
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

  /** Those of a resource's stack that are `wanted`, each handed out once. */
  takeUnseen(urn: string, wanted: (intent: Intent) => boolean): Intent[] {
    const stack = stackOf(urn) ?? "";
    const taken = [...(this.#unseen.get(stack) ?? [])].filter(wanted);
    for (const intent of taken) take(this.#unseen, stack, intent);
    return taken;
  }
}

function put(index: Map<string, Set<Intent>>, key: string, intent: Intent): void {
  const present = index.get(key);
  if (present === undefined) index.set(key, new Set([intent]));
  else present.add(intent);
}

function take(index: Map<string, Set<Intent>>, key: string, intent: Intent): void {
  const present = index.get(key);
  present?.delete(intent);
  if (present?.size === 0) index.delete(key);
}
