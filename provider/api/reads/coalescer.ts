import { setImmediate } from "node:timers/promises";
import type DataLoader from "dataloader";
import { BatchWindow } from "../gathering/batchWindow.js";
import { groupBy } from "../gathering/groupBy.js";
import { ReadWave } from "../gathering/readWave.js";
import type { Api } from "../http/client.js";
import { listOf } from "../text/resourceNames.js";
import { isListed, ListedItems, type PendingRead } from "./listedItems.js";
import { readWildcardLists } from "./wildcardLists.js";

const coalescers = new WeakMap<Api, ReadCoalescer>();

/** The coalescer of a session. Each session has one. */
export function coalescerOf(api: Api): ReadCoalescer {
  const present = coalescers.get(api) ?? new ReadCoalescer(api);
  coalescers.set(api, present);
  return present;
}

/** Answers many concurrent reads from few lists. An object that a list lacks does not count as gone. */
export class ReadCoalescer {
  readonly wave = new ReadWave();
  readonly #items: ListedItems;
  readonly #window = new BatchWindow(10);
  #loader: Promise<DataLoader<PendingRead, unknown>> | undefined;

  constructor(api: Api) {
    this.#items = new ListedItems(api, this.wave);
  }

  /** Runs a read. Results of concurrent reads may answer it. */
  async during<T>(read: (since: number) => Promise<T>): Promise<T> {
    const since = this.wave.enter();
    try {
      return await read(since);
    } finally {
      await this.wave.leave();
      if (this.wave.open === 0) this.#items.clear();
    }
  }

  /**
   * The item as a list shows it. Undefined if reading a list was not worth it, or if the list did not show the item.
   * The item may still exist then.
   */
  async lookFor(read: PendingRead): Promise<unknown> {
    if (!isListed(listOf(read.name)) || this.#items.has(read)) return this.#items.get(read);
    // First collect the reads of the same tick.
    await setImmediate();
    if (this.wave.isLonely) return undefined;
    const loader = await (this.#loader ??= this.#newLoader());
    const item = loader.load(read);
    this.#window.arrived();
    return item;
  }

  async #newLoader(): Promise<DataLoader<PendingRead, unknown>> {
    const { default: Loader } = await import("dataloader");
    return new Loader(
      async (reads: readonly PendingRead[]) => {
        try {
          await this.#readLists(reads);
          return reads.map((each) => this.#items.get(each));
        } finally {
          this.#window.answered(reads.length);
        }
      },
      { cache: false, maxBatchSize: Infinity, batchScheduleFn: this.#window.schedule },
    );
  }

  /** Reads the lists that cost fewer requests than one read for each item. */
  async #readLists(reads: readonly PendingRead[]): Promise<void> {
    const items = this.#items;
    const unseen = () => reads.filter((each) => !items.has(each));
    await readWildcardLists(items, unseen());
    const lists = groupBy(unseen(), ({ name }) => listOf(name));
    await Promise.all(
      Array.from(lists, async ([path, group]) => {
        if (group.length > 1 || this.wave.hasSuccessors)
          await items.readPages(items.list(group, path), group, group.length);
      }),
    );
  }
}
