import { idOf, parentOf } from "./ids";
import type { UndoLog } from "./undoLog";

interface Entry {
  position: number;
  addedAtMs: number;
}

/** A further value to find items by. */
interface SecondaryIndex<T> {
  keyOf(item: T): string | undefined;
}

/** Resources of one kind, indexed by name, parent, id and an optional secondary key. */
export class Collection<T extends { name: string }> {
  readonly #byName = new Map<string, T>();
  readonly #byParent = new Map<string, Set<T>>();
  readonly #byId = new Map<string, Set<T>>();
  readonly #bySecondaryKey = new Map<string, Set<T>>();
  readonly #entries = new Map<T, Entry>();
  #nextPosition = 0;

  constructor(
    private readonly undoLog: UndoLog,
    private readonly secondaryIndex: SecondaryIndex<T> = { keyOf: () => undefined },
  ) {}

  get(name: string): T | undefined {
    return this.#byName.get(name);
  }

  /** All items, or those under one parent. */
  list(parent?: string): T[] {
    return [...(parent === undefined ? this.#byName.values() : (this.#byParent.get(parent) ?? []))];
  }

  countUnder(parent: string): number {
    return this.#byParent.get(parent)?.size ?? 0;
  }

  /** Items whose name ends with this id, for example all memberships of one member. */
  withId(id: string): T[] {
    return [...(this.#byId.get(id) ?? [])];
  }

  /** Items with this value in the secondary index. */
  withSecondaryKey(key: string): T[] {
    return [...(this.#bySecondaryKey.get(key) ?? [])];
  }

  add(item: T): T {
    if (this.#byName.has(item.name)) throw new Error(`${item.name} exists already`);
    this.#attach(item, { position: this.#nextPosition++, addedAtMs: performance.now() });
    this.undoLog.record(() => this.#detach(item));
    return item;
  }

  update(item: T, changes: Partial<T>): T {
    const before = { ...item };
    this.#assign(item, changes);
    this.undoLog.record(() => {
      for (const field of Object.keys(item)) if (!(field in before)) Reflect.deleteProperty(item, field);
      this.#assign(item, before);
    });
    return item;
  }

  remove(item: T): void {
    const entry = this.#entries.get(item);
    if (!entry) return;
    this.#detach(item);
    this.undoLog.record(() => {
      this.#attach(item, entry);
      this.#restoreOrder();
    });
  }

  /** Replaces all items. The caller records the change in the undo log. */
  replaceAll(items: readonly T[]): void {
    for (const map of [this.#byName, this.#byParent, this.#byId, this.#bySecondaryKey, this.#entries])
      map.clear();
    for (const item of items) this.#attach(item, { position: this.#nextPosition++, addedAtMs: -Infinity });
  }

  /** Later items have greater positions. */
  positionOf(item: T): number {
    return this.#entries.get(item)?.position ?? -1;
  }

  /** Real milliseconds since the item was added in this process. */
  ageMs(item: T): number {
    return performance.now() - (this.#entries.get(item)?.addedAtMs ?? -Infinity);
  }

  /** Makes these items (all by default) visible at once, because they did not come through the API. */
  markPropagated(...items: T[]): void {
    for (const item of items.length > 0 ? items : this.#byName.values())
      this.#entries.set(item, { position: this.positionOf(item), addedAtMs: -Infinity });
  }

  #attach(item: T, entry: Entry): void {
    this.#entries.set(item, entry);
    this.#index(item);
  }

  #index(item: T): void {
    const key = this.secondaryIndex.keyOf(item);
    this.#byName.set(item.name, item);
    addTo(this.#byParent, parentOf(item.name), item);
    addTo(this.#byId, idOf(item.name), item);
    if (key !== undefined) addTo(this.#bySecondaryKey, key, item);
  }

  #detach(item: T): void {
    const key = this.secondaryIndex.keyOf(item);
    this.#byName.delete(item.name);
    removeFrom(this.#byParent, parentOf(item.name), item);
    removeFrom(this.#byId, idOf(item.name), item);
    if (key !== undefined) removeFrom(this.#bySecondaryKey, key, item);
    this.#entries.delete(item);
  }

  #assign(item: T, changes: Partial<T>): void {
    const before = this.secondaryIndex.keyOf(item);
    Object.assign(item, changes);
    const after = this.secondaryIndex.keyOf(item);
    if (before === after) return;
    if (before !== undefined) removeFrom(this.#bySecondaryKey, before, item);
    if (after !== undefined) addTo(this.#bySecondaryKey, after, item);
  }

  /** Puts all items back into creation order. */
  #restoreOrder(): void {
    const sorted = [...this.#byName.values()].sort((a, b) => this.positionOf(a) - this.positionOf(b));
    for (const map of [this.#byName, this.#byParent, this.#byId, this.#bySecondaryKey]) map.clear();
    for (const item of sorted) this.#index(item);
  }
}

function addTo<T>(index: Map<string, Set<T>>, key: string, item: T): void {
  const present = index.get(key);
  if (present) present.add(item);
  else index.set(key, new Set([item]));
}

function removeFrom<T>(index: Map<string, Set<T>>, key: string, item: T): void {
  const present = index.get(key);
  present?.delete(item);
  if (present?.size === 0) index.delete(key);
}
