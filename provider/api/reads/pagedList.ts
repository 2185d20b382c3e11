import type * as v from "valibot";
import type { Api } from "../http/client.js";
import { pagesOf, type ListOf, type Page } from "./list.js";

/** A list that is read page by page, no further than it is wanted. */
export class PagedList<S extends v.GenericSchema = v.GenericSchema> {
  /** When its first page was asked for (by `performance.now`); Infinity while it was not: it will be newer than anybody's question. */
  startedAt = Infinity;
  /** How many pages were asked for. */
  turned = 0;
  /** Whether there is nothing further to read. */
  isEnded = false;
  /** Whether it ended with an error. */
  isBroken = false;
  readonly #pages: AsyncGenerator<Page<v.InferOutput<S>>, void>;
  readonly #show: (item: v.InferOutput<S>) => void;
  #turning: Promise<void> | undefined;

  /** @param show told of each item */
  constructor(
    api: Api,
    /** Tells it from other lists. */
    readonly key: string,
    list: ListOf<S>,
    show: (item: v.InferOutput<S>) => void,
  ) {
    this.#show = show;
    this.#pages = pagesOf(api, list, () => {
      if (this.startedAt === Infinity) this.startedAt = performance.now();
    });
  }

  /** Reads the next page; all who want it at the same time share it. Never throws: a list that fails is broken, and ended. */
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
