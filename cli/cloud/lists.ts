import type PQueue from "p-queue";
import { ApiError, LoginError } from "../../provider/api/http/errors.js";

/** A complete list, or why it could not be read. */
export type Read<Item> =
  { readonly items: readonly Item[]; readonly failure?: undefined } | { readonly failure: Failure };

export interface Failure {
  /** The API's error, and what to do about it. */
  readonly reason: string;
  /** Whether a permission is missing: the status is 403, or 404, which the API may send instead. */
  readonly isRefusal: boolean;
}

/** The items of a list. None if it could not be read. */
export const itemsIn = <Item>(list: Read<Item>): readonly Item[] =>
  list.failure === undefined ? list.items : [];

/** The items of all lists that could be read. */
export const itemsOf = <Item>(lists: ReadonlyMap<string, Read<Item>>): Item[] =>
  [...lists.values()].flatMap(itemsIn);

/** Called when a list is started or finished. */
export type Progress = (done: number, total: number) => void;

/** Reads several lists at a time. If one fails, the others continue. If the API refuses the credentials, all stop. */
export interface ListReader {
  read<Item>(list: () => Promise<readonly Item[]>): Promise<Read<Item>>;
  /** How many lists were read, and how many could not be read. */
  readonly counts: { readonly read: number; readonly failed: number };
}

const atOnce = 16;
/** If this many lists got no answer and none got one, the API counts as unreachable. */
const patience = 8;

export async function listReader(progress: Progress = () => undefined): Promise<ListReader> {
  const { default: Queue } = await import("p-queue");
  const queue: PQueue = new Queue({ concurrency: atOnce });
  const counts = { read: 0, failed: 0 };
  let total = 0;
  let unanswered = 0;
  let isReachable = false;

  async function attempt<Item>(list: () => Promise<readonly Item[]>): Promise<Read<Item>> {
    if (!isReachable && unanswered >= patience) {
      return { failure: { reason: "not asked, since the API did not answer before", isRefusal: false } };
    }
    try {
      const items = await list();
      isReachable = true;
      return { items };
    } catch (error) {
      if (!(error instanceof ApiError) || isRefusedLogin(error)) throw error;
      if (error.status === undefined) unanswered++;
      else isReachable = true;
      return {
        failure: { reason: error.message, isRefusal: error.status === 403 || error.status === 404 },
      };
    }
  }

  return {
    counts,
    async read<Item>(list: () => Promise<readonly Item[]>) {
      total++;
      progress(counts.read + counts.failed, total);
      const result = await queue.add(() => attempt(list));
      counts[result.failure === undefined ? "read" : "failed"]++;
      progress(counts.read + counts.failed, total);
      return result;
    },
  };
}

/** Whether the API refused the credentials. Then no other result can be trusted. */
export const isRefusedLogin = (error: unknown): boolean =>
  error instanceof LoginError || (error instanceof ApiError && error.status === 401);
