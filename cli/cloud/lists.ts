import type PQueue from "p-queue";
import { ApiError, LoginError } from "../../provider/api/http/errors.js";

/** A list as it was read: whole, or not at all. */
export type Read<Item> =
  { readonly items: readonly Item[]; readonly failure?: undefined } | { readonly failure: Failure };

export interface Failure {
  /** What the API said, and what to do about it. */
  readonly reason: string;
  /** 403, or 404, which may stand for it: a matter of permission and not of luck. */
  readonly isRefusal: boolean;
}

/** Told whenever another list is begun or done. */
export type Progress = (done: number, total: number) => void;

/** Reads lists, some at a time. One that fails is noted and stops no other; refused credentials stop everything. */
export interface ListReader {
  read<Item>(list: () => Promise<readonly Item[]>): Promise<Read<Item>>;
  /** How many lists were asked for, and how many could not be read. */
  readonly counts: { readonly read: number; readonly failed: number };
}

const atOnce = 16;
/** After so many lists without any answer, and none with one, the API counts as out of reach. */
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

/** Nothing that is read with refused credentials means anything. */
export const isRefusedLogin = (error: unknown): boolean =>
  error instanceof LoginError || (error instanceof ApiError && error.status === 401);
