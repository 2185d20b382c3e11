import { idOf, parentOf } from "./ids";
import type { ChangeLog } from "./undoLog";

interface Order {
  position: number;
  bornMs: number;
}

/** One more thing to find items by. */
interface Key<T> {
  of(item: T): string | undefined;
}

/** Things that have a resource name, found by it, by their parent's name, by their own id and by one more key. */
export class Collection<T extends { name: string }> {
  readonly #byName = new Map<string, T>();
  readonly #byParent = new Map<string, Set<T>>();
  readonly #byId = new Map<string, Set<T>>();
  readonly #byKey = new Map<string, Set<T>>();
  readonly #order = new Map<T, Order>();
  #next = 0;

  constructor(
    private readonly log: ChangeLog,
    private readonly key: Key<T> = { of: () => undefined },
  ) {}

  get(name: string): T | undefined {
    return this.#byName.get(name);
  }

  /** All of them, or those under one parent. */
  list(parent?: string): T[] {
    return [...(parent === undefined ? this.#byName.values() : (this.#byParent.get(parent) ?? []))];
  }

  countIn(parent: string): number {
    return this.#byParent.get(parent)?.size ?? 0;
  }

  /** Those whose name ends with this id: all memberships of one member, the key of an id. */
  withId(id: string): T[] {
    return [...(this.#byId.get(id) ?? [])];
  }

  /** Those with this value of the key that the constructor was given. */
  withKey(key: string): T[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  add(item: T): T {
    if (this.#byName.has(item.name)) throw new Error(`${item.name} exists already`);
    this.#insert(item, { position: this.#next++, bornMs: performance.now() });
    this.log.record(() => this.#take(item));
    return item;
  }

  update(item: T, changes: Partial<T>): T {
    const before = { ...item };
    this.#change(item, changes);
    this.log.record(() => {
      for (const field of Object.keys(item)) if (!(field in before)) Reflect.deleteProperty(item, field);
      this.#change(item, before);
    });
    return item;
  }

  remove(item: T): void {
    const order = this.#order.get(item);
    if (!order) return;
    this.#take(item);
    this.log.record(() => {
      this.#insert(item, order);
      this.#sort();
    });
  }

  /** Puts other items in the place of all; the caller notes the change. */
  replaceAll(items: readonly T[]): void {
    for (const map of [this.#byName, this.#byParent, this.#byId, this.#byKey, this.#order]) map.clear();
    for (const item of items) this.#insert(item, { position: this.#next++, bornMs: -Infinity });
  }

  /** Grows with every item added. */
  positionOf(item: T): number {
    return this.#order.get(item)?.position ?? -1;
  }

  /** Real milliseconds since the item was added in this process. */
  ageMs(item: T): number {
    return performance.now() - (this.#order.get(item)?.bornMs ?? -Infinity);
  }

  /** Makes items, or all, as old as can be: what a hand made or a file held is not new. */
  settle(...items: T[]): void {
    for (const item of items.length > 0 ? items : this.#byName.values())
      this.#order.set(item, { position: this.positionOf(item), bornMs: -Infinity });
  }

  #insert(item: T, order: Order): void {
    this.#order.set(item, order);
    this.#index(item);
  }

  #index(item: T): void {
    const key = this.key.of(item);
    this.#byName.set(item.name, item);
    addTo(this.#byParent, parentOf(item.name), item);
    addTo(this.#byId, idOf(item.name), item);
    if (key !== undefined) addTo(this.#byKey, key, item);
  }

  #take(item: T): void {
    const key = this.key.of(item);
    this.#byName.delete(item.name);
    removeFrom(this.#byParent, parentOf(item.name), item);
    removeFrom(this.#byId, idOf(item.name), item);
    if (key !== undefined) removeFrom(this.#byKey, key, item);
    this.#order.delete(item);
  }

  #change(item: T, changes: Partial<T>): void {
    const before = this.key.of(item);
    Object.assign(item, changes);
    const after = this.key.of(item);
    if (before === after) return;
    if (before !== undefined) removeFrom(this.#byKey, before, item);
    if (after !== undefined) addTo(this.#byKey, after, item);
  }

  /** Puts everything in the order of creation again. */
  #sort(): void {
    const sorted = [...this.#byName.values()].sort((a, b) => this.positionOf(a) - this.positionOf(b));
    for (const map of [this.#byName, this.#byParent, this.#byId, this.#byKey]) map.clear();
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
