import { pause } from "../api/http/cancellation.js";
import { isAmbiguous, type ApiError } from "../api/http/errors.js";
import { beginIntent, closeIntent, noteCreated, type Intent, type NewIntent } from "./journal.js";

export interface Creation<Body> {
  readonly intent: NewIntent;
  /** Sends the POST. */
  readonly post: (intent: Intent) => Promise<Body>;
  readonly nameOf: (body: Body) => string;
  /** Looks for the thing that a POST without an answer created; undefined if there is none, or if it can't be used. */
  readonly look: (intent: Intent, error: ApiError) => Promise<Body | undefined>;
  /** The most POSTs to send, if every answer is lost and `look` finds nothing. @default 3 */
  readonly attempts?: number;
}

/**
 * Creates something exactly once. If the answer to a POST is lost, looks for the new thing first, and sends another
 * POST only if it finds nothing. Records each POST in the journal before it sends it, so that a run after a crash
 * looks, too.
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
      // The intent stays open, so that the next run finds a thing that appears later.
      if (attempt >= attempts) throw error;
    }

    function settled(body: Body): Body {
      noteCreated(entry, nameOf(body));
      return body;
    }
  }
}

/**
 * Repeats `look` until it finds something, for as long as a new thing may take to appear.
 *
 * @param retryDelay the delay before the first retry, in milliseconds
 * @param isLate whether the thing would have appeared by now, so that looking again is useless
 */
export async function pollUntilFound<T>(
  retryDelay: number,
  look: () => Promise<T | undefined>,
  isLate: () => boolean = () => false,
): Promise<T | undefined> {
  for (const wait of patientLooks(retryDelay)) {
    await pause(wait);
    const found = await look();
    if (found !== undefined || isLate()) return found;
  }
  return undefined;
}

/**
 * Looks for the thing that an interrupted run was creating, for as long as the thing may take to appear.
 *
 * @returns what `look` finds; undefined if nothing appears
 */
export const pollForOutcome = <T>(
  { startedAt }: Intent,
  retryDelay: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> =>
  pollUntilFound(retryDelay, look, () => Date.now() - startedAt > slowest * retryDelay);

/** How long after its creation a thing may appear, in units of `retryDelay`: the sum of the waits below. */
const slowest = 10;

/** The waits before each look, in milliseconds. */
const patientLooks = (retryDelay: number): number[] => [0, 1, 2, 3, 4].map((times) => times * retryDelay);
