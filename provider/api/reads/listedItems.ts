import type * as v from "valibot";
import { MemberBody } from "../bodies/members.js";
import { ProjectBody } from "../bodies/organizations.js";
import { KeyBody, ServiceAccountBody } from "../bodies/serviceAccounts.js";
import type { ReadWave } from "../gathering/readWave.js";
import type { Api } from "../http/client.js";
import { idOf } from "../text/resourceNames.js";
import { PagedList } from "./pagedList.js";

/** An object that a read wants to see, as it is at a time (of `performance.now`) or later. */
export interface PendingRead {
  readonly name: string;
  readonly since: number;
}

/** The array's key and the schema of an item for each kind of list, by the last part of the list's path. */
const listed: Readonly<Record<string, { field: string; item: v.GenericSchema }>> = {
  members: { field: "members", item: MemberBody },
  serviceaccounts: { field: "serviceAccounts", item: ServiceAccountBody },
  keys: { field: "keys", item: KeyBody },
  projects: { field: "projects", item: ProjectBody },
};

/** Whether this is the path of a known kind of list. */
export const isListed = (path: string): boolean => listed[idOf(path)] !== undefined;

/** The items that lists have shown in one wave of reads. A read never gets a result that is older than the read. */
export class ListedItems {
  readonly #seen = new Map<string, { item: unknown; at: number }>();
  readonly #lists = new Map<string, PagedList>();
  readonly #tooLong = new Set<string>();
  readonly #counted = { projects: new Set<string>(), members: new Set<string>() };

  constructor(
    readonly api: Api,
    readonly wave: ReadWave,
  ) {}

  /** Forgets everything at the end of a wave, except which lists were too long. */
  clear(): void {
    this.#seen.clear();
    this.#lists.clear();
    this.#counted.projects.clear();
    this.#counted.members.clear();
  }

  has({ name, since }: PendingRead): boolean {
    return (this.#seen.get(name)?.at ?? -Infinity) >= since;
  }

  get(read: PendingRead): unknown {
    return this.has(read) ? this.#seen.get(read.name)?.item : undefined;
  }

  /** The list at `path`: the current one if it is new enough for these reads, or else a new one. */
  list(reads: readonly PendingRead[], path: string, query: Readonly<Record<string, string>> = {}): PagedList {
    const key = JSON.stringify([path, query]);
    const present = this.#lists.get(key);
    if (present !== undefined && reads.every(({ since }) => present.startedAt >= since)) return present;
    const { field, item } = listed[idOf(path)] as (typeof listed)[string];
    const list: PagedList = new PagedList(this.api, key, { path, query, field, item }, (shown) => {
      const { name, roles } = shown as { name: string; roles?: string[] };
      // A project's list may also show the administrators of its organization. They are not bindings of the project.
      const isInherited =
        name.startsWith("projects/") && roles?.some((role) => !/^roles\/project\./.test(role));
      if (isInherited !== true) this.#seen.set(name, { item: shown, at: list.startedAt });
    });
    this.#lists.set(key, list);
    return list;
  }

  /** Reads pages until all of `reads` are answered, the list ends, or it has cost `mostRequests` requests. */
  async readPages(list: PagedList, reads: readonly PendingRead[], mostRequests: number): Promise<void> {
    const isWanted = () => !list.isEnded && reads.some((each) => !this.has(each));
    // A list that was too long once is not read again, unless later reads benefit from it.
    if (this.#tooLong.has(list.key) && !this.wave.hasSuccessors) return;
    for (let cost = 0; cost < mostRequests && isWanted(); cost++) await list.turn();
    if (isWanted()) this.#tooLong.add(list.key);
  }

  /** Counts these different names together with the names of `kind` that were counted earlier in the same wave. */
  count(kind: "projects" | "members", names: Iterable<string>): number {
    if (!this.wave.hasSuccessors) return new Set(names).size;
    const counted = this.#counted[kind];
    for (const name of names) counted.add(name);
    return counted.size;
  }
}
