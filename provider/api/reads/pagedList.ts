import type * as v from "valibot";
import type { Api } from "../http/client.js";
import { pagesOf, type ListOf, type Page } from "./list.js";

/** A list that is read page by page, only as far as needed. */
export class PagedList<S extends v.GenericSchema = v.GenericSchema> {
  /**
   * When the first page was requested (by `performance.now`). Infinity before that: the page will be newer than any
   * read.
   */
  startedAt = Infinity;
  /** How many pages have been requested. */
  turned = 0;
  /** Whether all pages have been read, or reading has failed. */
  isEnded = false;
  /** Whether reading has failed. */
  isBroken = false;
  readonly #pages: AsyncGenerator<Page<v.InferOutput<S>>, void>;
  readonly #show: (item: v.InferOutput<S>) => void;
  #turning: Promise<void> | undefined;

  /** @param show called with each item */
  constructor(
    api: Api,
    /** Identifies the list. */
    readonly key: string,
    list: ListOf<S>,
    show: (item: v.InferOutput<S>) => void,
  ) {
    this.#show = show;
    this.#pages = pagesOf(api, list, () => {
      if (this.startedAt === Infinity) this.startedAt = performance.now();
    });
  }

  /** Reads the next page. Concurrent callers share it. Never throws: a list that fails is broken, and ended. */
  turn(): Promise<void> {
    return (this.#turning ??= this.#turn().finally(() => (this.#turning = undefined)));
  }

  async #turn(): Promise<void> {
    this.turned++;
    try {
      const { value } = await this.#pages.next();
      this.isEnded = value?.isLast ?? true;
      value?.items.forEach(this.#show);
    } catch {
      this.isEnded = true;
      this.isBroken = true;
    }
  }
}
