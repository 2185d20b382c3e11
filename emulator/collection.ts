import { idOf, parentOf } from "./ids";

/** Things that have a resource name, found by it, by their parent's and by their own id; in order of creation. */
export class Collection<T extends { name: string }> {
  readonly #byName = new Map<string, T>();
  readonly #byParent = new Map<string, Set<T>>();
  readonly #byId = new Map<string, Set<T>>();
  readonly #order = new Map<T, { position: number; bornMs: number }>();
  #next = 0;

  constructor(private readonly changed: () => void) {}

  get size(): number {
    return this.#byName.size;
  }

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

  add(item: T): T {
    if (this.#byName.has(item.name)) throw new Error(`${item.name} exists already`);
    this.#byName.set(item.name, item);
    addTo(this.#byParent, parentOf(item.name), item);
    addTo(this.#byId, idOf(item.name), item);
    this.#order.set(item, { position: this.#next++, bornMs: performance.now() });
    this.changed();
    return item;
  }

  update(item: T, changes: Partial<T>): T {
    Object.assign(item, changes);
    this.changed();
    return item;
  }

  remove(item: T): void {
    if (!this.#byName.delete(item.name)) return;
    this.#order.delete(item);
    removeFrom(this.#byParent, parentOf(item.name), item);
    removeFrom(this.#byId, idOf(item.name), item);
    this.changed();
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
