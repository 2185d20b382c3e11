import { setTimeout } from "node:timers/promises";
import { isAmbiguous, type ApiError } from "../api/http/errors.js";
import { beginIntent, closeIntent, noteCreated, type Intent, type NewIntent } from "./journal.js";

export interface Creation<Body> {
  readonly intent: NewIntent;
  /** Sends the POST. */
  readonly post: (intent: Intent) => Promise<Body>;
  readonly nameOf: (body: Body) => string;
  /** Looks for what a POST made whose answer was lost; undefined when there is nothing, or nothing that could be used. */
  readonly look: (intent: Intent, error: ApiError) => Promise<Body | undefined>;
  /** How many POSTs may be sent, where each answer is lost and the look finds nothing. */
  readonly attempts?: number;
}

/**
 * Creates something exactly once. A POST whose answer was lost is not repeated blindly: first we look, and only what is not there
 * is created again. The journal has it before, so that a run after a crash looks, too.
 */
export async function createOnce<Body>({
  intent,
  post,
  nameOf,
  look,
  attempts = 3,
}: Creation<Body>): Promise<Body> {
  for (let attempt = 1; ; attempt++) {
    const entry = beginIntent(intent);
    try {
      return settled(await post(entry));
    } catch (error) {
      if (!isAmbiguous(error)) {
        closeIntent(entry);
        throw error;
      }
      const found = await look(entry, error);
      if (found !== undefined) return settled(found);
      // It stays open: what appears too late for us is found by the next run.
      if (attempt >= attempts) throw error;
    }

    function settled(body: Body): Body {
      noteCreated(entry, nameOf(body));
      return body;
    }
  }
}

/** Looks again and again, for as long as what is new may be slow to appear. @param isLate whether it would have appeared by now */
export async function pollUntilFound<T>(
  retryDelay: number,
  look: () => Promise<T | undefined>,
  isLate: () => boolean = () => false,
): Promise<T | undefined> {
  for (const wait of patientLooks(retryDelay)) {
    await setTimeout(wait);
    const found = await look();
    if (found !== undefined || isLate()) return found;
  }
  return undefined;
}

/**
 * Looks for what an interrupted run was creating, for as long as that may be slow to appear.
 *
 * @returns what `look` finds; undefined when there is nothing to be seen.
 */
export const pollForOutcome = <T>(
  { startedAt }: Intent,
  retryDelay: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> =>
  pollUntilFound(retryDelay, look, () => Date.now() - startedAt > slowest * retryDelay);

/** How long after its creation a thing may appear, in units of the first retry: as long as we look when we wait for it ourselves. */
const slowest = 10;

/** When to look, in milliseconds since the last look. */
const patientLooks = (retryDelay: number): number[] => [0, 1, 2, 3, 4].map((times) => times * retryDelay);
