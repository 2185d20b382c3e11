import type DataLoader from "dataloader";
import { currentOperation, withinLatest, type Operation } from "../http/deadline.js";
import { ApiError, isAmbiguous, LoginError } from "../http/errors.js";
import { groupBy } from "../gathering/groupBy.js";
import { BatchWindow } from "../gathering/batchWindow.js";

/** How things that are asked for together are done in one call, and how one by one. */
export interface Together<Item, Result> {
  /** Does all in one call. @returns for each what came out, undefined where that is not said */
  all(items: readonly Item[]): Promise<(Result | undefined)[]>;
  /** Does one by itself. */
  one(item: Item): Promise<Result>;
  /** Does one by itself after a call for all, begun at a local time, that was refused or said nothing of it: it may be done. */
  again(item: Item, since: number): Promise<Result>;
  /** Two items of one key are the same thing asked for twice: the second comes after the first, by itself. */
  keyOf(item: Item): string;
  /** What the items of one call may have to have in common. */
  kindOf(item: Item): string;
  /** Whether what came of an item by itself may be why all were refused. */
  isToBlame(outcome: Result | Error): boolean;
  /** Whether an item may be refused for no other reason than that it is new. */
  isTooNew(item: Item): boolean;
  /** Whether `all` may be followed by `again` even where nobody knows if it was carried out. */
  readonly isRepeatable: boolean;
  /** How many milliseconds without anything new end a batch. */
  readonly quiet?: number;
  /** How many are done together at most. */
  readonly most?: number;
}

/** The largest number of items in one call by default: the size of a page of a list. */
const most = 100;
/** A batch ends after this time without a new item, by default. Milliseconds. */
const quiet = 25;
/** After this number of failures with an unclear cause, no further batch is tried. */
const patience = 3;

/** What the API takes in one call, as far as it was learned. */
interface Limits {
  most: number;
  /** Whether of several kinds. */
  mayMix: boolean;
  /** Whether a batch of this size has been taken. */
  isProven: boolean;
  /** How many failed in a row, and nobody knows why. */
  refusals: number;
}

/** Collects what is asked for at about the same time, and does it in one call; one by one where the API refuses that. */
export class Batch<Item, Result> {
  readonly #limits: Limits;
  readonly #pace: BatchWindow;
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** The operation that asked for each item. A batch may take as long as the one that ends last. */
  readonly #operations = new Map<Item, Operation | undefined>();
  #loader: Promise<DataLoader<Item, Result>> | undefined;

  constructor(private readonly together: Together<Item, Result>) {
    const atMost = together.most ?? most;
    this.#limits = { most: atMost, mayMix: true, isProven: false, refusals: 0 };
    this.#pace = new BatchWindow(together.quiet ?? quiet, atMost);
  }

  /** Does it, together with what else is asked for. Ends as if it had been done by itself. */
  async add(item: Item): Promise<Result> {
    const key = this.together.keyOf(item);
    const same = this.#underWay.get(key);
    if (same !== undefined) return same.then(() => this.together.one(item));
    const result = this.#add(item);
    const settled = result.then(
      () => this.#underWay.delete(key),
      () => this.#underWay.delete(key),
    );
    this.#underWay.set(key, settled);
    return result;
  }

  async #add(item: Item): Promise<Result> {
    if (this.#limits.most < 2) return this.together.one(item);
    const loader = await (this.#loader ??= this.#newLoader());
    this.#operations.set(item, currentOperation());
    const result = loader.load(item).finally(() => this.#operations.delete(item));
    this.#pace.arrived();
    return result;
  }

  /** One by one from now on. */
  giveUp(): void {
    this.#limits.most = 1;
  }

  async #newLoader(): Promise<DataLoader<Item, Result>> {
    const { default: Loader } = await import("dataloader");
    return new Loader(
      (items: readonly Item[]) =>
        withinLatest(
          items.map((item) => this.#operations.get(item)),
          () => this.#doAll(items),
        ),
      { cache: false, maxBatchSize: Infinity, batchScheduleFn: this.#pace.schedule },
    );
  }

  async #doAll(items: readonly Item[]): Promise<(Result | Error)[]> {
    const outcomes = new Map<Item, Result | Error>();
    const work = async (part: readonly Item[]): Promise<void> => {
      (await this.#do(part)).forEach((outcome, index) => outcomes.set(part[index] as Item, outcome));
    };
    const parts = () => this.#parts(items.filter((item) => !outcomes.has(item)));
    // What the API takes is tried with one batch at a time.
    while (!this.#limits.isProven) {
      const trial = parts().find(({ length }) => length > 1);
      if (trial === undefined) break;
      await work(trial);
    }
    await Promise.all(parts().map(work));
    this.#pace.answered(items.length);
    return items.map((item) => outcomes.get(item) as Result | Error);
  }

  /** What goes into one call each. */
  #parts(items: readonly Item[]): Item[][] {
    const { mayMix, most: size } = this.#limits;
    const groups = mayMix ? [[...items]] : [...groupBy(items, (item) => this.together.kindOf(item)).values()];
    return groups.flatMap((group) =>
      Array.from({ length: Math.ceil(group.length / size) }, (_, index) =>
        group.slice(index * size, (index + 1) * size),
      ),
    );
  }

  async #do(items: readonly Item[]): Promise<(Result | Error)[]> {
    const { together } = this;
    if (items.length === 1) return outcomesOf(items, (item) => together.one(item));
    const since = Date.now();
    try {
      const results = await together.all(items);
      this.#limits.refusals = 0;
      this.#limits.isProven = true;
      return await outcomesOf(items, async (item, index) => results[index] ?? together.again(item, since));
    } catch (error) {
      if (!isRefusal(error)) {
        if (isAmbiguous(error)) this.#countRefusal();
        if (!together.isRepeatable || !isAmbiguous(error)) return items.map(() => error as Error);
      }
      const outcomes = await outcomesOf(items, (item) => together.again(item, since));
      if (isRefusal(error)) this.#learn(error, items, outcomes);
      return outcomes;
    }
  }

  #countRefusal(): void {
    if (++this.#limits.refusals >= patience) this.giveUp();
  }

  /** Whether it was the batch that was refused, or one of its items, shows when each has been done by itself. */
  #learn({ status }: ApiError, items: readonly Item[], outcomes: readonly (Result | Error)[]): void {
    if (items.some((item) => this.together.isTooNew(item))) return;
    const limits = this.#limits;
    if (outcomes.some((outcome) => this.together.isToBlame(outcome))) {
      this.#countRefusal();
    } else if (status !== 400) {
      // 409 may be somebody else's change at the same moment.
      if (status !== 409) this.giveUp();
    } else if (limits.mayMix && new Set(items.map((item) => this.together.kindOf(item))).size > 1) {
      limits.mayMix = false;
    } else {
      limits.most = Math.min(limits.most, Math.floor(items.length / 2));
      limits.isProven = false;
    }
  }
}

/** The API's own no, after which nothing of it is under way: about an item, or about the call as such. */
const isRefusal = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  !(error instanceof LoginError) &&
  (error.status === 501 ||
    (!error.isAmbiguous && error.status !== undefined && ![401, 429].includes(error.status)));

const outcomesOf = <Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<(Result | Error)[]> =>
  Promise.all(items.map((item, index) => work(item, index).catch((error: unknown) => error as Error)));
