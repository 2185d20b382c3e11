import { setImmediate } from "node:timers/promises";
import type DataLoader from "dataloader";
import type * as v from "valibot";
import { readWildcardLists } from "./wildcardLists.js";
import type { Api } from "../http/client.js";
import { groupBy } from "../gathering/groupBy.js";
import { PagedList } from "./pagedList.js";
import { MemberBody } from "../bodies/members.js";
import { idOf, listOf } from "../text/resourceNames.js";
import { BatchWindow } from "../gathering/batchWindow.js";
import { KeyBody, ServiceAccountBody } from "../bodies/serviceAccounts.js";
import { ReadWave } from "../gathering/readWave.js";

/** Something that a read wants to see, as it is at a time (of `performance.now`) or later. */
export interface Asked {
  readonly name: string;
  readonly since: number;
}

/** What lists hold, by the last part of their path. */
const listed: Readonly<Record<string, { field: string; item: v.GenericSchema }>> = {
  members: { field: "members", item: MemberBody },
  serviceaccounts: { field: "serviceAccounts", item: ServiceAccountBody },
  keys: { field: "keys", item: KeyBody },
};

const lookouts = new WeakMap<Api, ReadCoalescer>();

/** The one lookout of a session. */
export function coalescerOf(api: Api): ReadCoalescer {
  const present = lookouts.get(api) ?? new ReadCoalescer(api);
  lookouts.set(api, present);
  return present;
}

/**
 * Answers many reads at the same time from few lists, for as long as reads are under way. Nobody is shown what is older than their
 * question, and nothing is concluded from what a list lacks.
 */
export class ReadCoalescer {
  readonly wave = new ReadWave();
  readonly #seen = new Map<string, { item: unknown; at: number }>();
  readonly #listings = new Map<string, PagedList>();
  readonly #tooLong = new Set<string>();
  readonly #counted = { projects: new Set<string>(), members: new Set<string>() };
  readonly #pace = new BatchWindow(10);
  #loader: Promise<DataLoader<Asked, unknown>> | undefined;

  constructor(readonly api: Api) {}

  /** Runs a read, which may be answered by what others see meanwhile. */
  async during<T>(read: (since: number) => Promise<T>): Promise<T> {
    const since = this.wave.enter();
    try {
      return await read(since);
    } finally {
      await this.wave.leave();
      if (this.wave.open === 0) {
        this.#seen.clear();
        this.#listings.clear();
        this.#counted.projects.clear();
        this.#counted.members.clear();
      }
    }
  }

  /** The thing as a list shows it; undefined where a list was not worth while or did not show it: it may exist all the same. */
  async lookFor(asked: Asked): Promise<unknown> {
    if (listed[idOf(listOf(asked.name))] === undefined || this.sees(asked)) return this.#itemOf(asked);
    // Those who ask in the same breath are heard first.
    await setImmediate();
    if (this.wave.isLonely) return undefined;
    const loader = await (this.#loader ??= this.#newLoader());
    const item = loader.load(asked);
    this.#pace.arrived();
    return item;
  }

  sees({ name, since }: Asked): boolean {
    return (this.#seen.get(name)?.at ?? -Infinity) >= since;
  }

  /** The list at `path`, where it is new enough for these; or else a new one. */
  listing(asked: readonly Asked[], path: string, query: Readonly<Record<string, string>> = {}): PagedList {
    const key = JSON.stringify([path, query]);
    const present = this.#listings.get(key);
    if (present !== undefined && asked.every(({ since }) => present.startedAt >= since)) return present;
    const { field, item } = listed[idOf(path)] as (typeof listed)[string];
    const listing: PagedList = new PagedList(this.api, key, { path, query, field, item }, (shown) => {
      const { name, roles } = shown as { name: string; roles?: string[] };
      // A list may show an organization's administrators as members of its projects: no binding of a project.
      const isInherited =
        name.startsWith("projects/") && roles?.some((role) => !/^roles\/project\./.test(role));
      if (isInherited !== true) this.#seen.set(name, { item: shown, at: listing.startedAt });
    });
    this.#listings.set(key, listing);
    return listing;
  }

  /** Turns pages until all of `asked` are seen, the list ends, or it has cost so many requests. */
  async read(listing: PagedList, asked: readonly Asked[], mayCost: number): Promise<void> {
    const isWanted = () => !listing.isEnded && asked.some((each) => !this.sees(each));
    // Where nobody follows who gains by it, a list that was too long once is not begun again.
    if (this.#tooLong.has(listing.key) && !this.wave.hasSuccessors) return;
    for (let cost = 0; cost < mayCost && isWanted(); cost++) await listing.turn();
    if (isWanted()) this.#tooLong.add(listing.key);
  }

  /** How many different names these are, together with those of `kind` that were counted before in the same wave. */
  count(kind: "projects" | "members", names: Iterable<string>): number {
    if (!this.wave.hasSuccessors) return new Set(names).size;
    const counted = this.#counted[kind];
    for (const name of names) counted.add(name);
    return counted.size;
  }

  #itemOf(asked: Asked): unknown {
    return this.sees(asked) ? this.#seen.get(asked.name)?.item : undefined;
  }

  async #newLoader(): Promise<DataLoader<Asked, unknown>> {
    const { default: Loader } = await import("dataloader");
    return new Loader(
      async (asked: readonly Asked[]) => {
        try {
          await this.#look(asked);
          return asked.map((each) => this.#itemOf(each));
        } finally {
          this.#pace.answered(asked.length);
        }
      },
      { cache: false, maxBatchSize: Infinity, batchScheduleFn: this.#pace.schedule },
    );
  }

  /** Reads whatever lists cost less than asking for each. */
  async #look(asked: readonly Asked[]): Promise<void> {
    const unseen = () => asked.filter((each) => !this.sees(each));
    await readWildcardLists(this, unseen());
    const lists = groupBy(unseen(), ({ name }) => listOf(name));
    await Promise.all(
      Array.from(lists, async ([path, group]) => {
        if (group.length > 1 || this.wave.hasSuccessors)
          await this.read(this.listing(group, path), group, group.length);
      }),
    );
  }
}
