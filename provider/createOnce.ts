import { setTimeout } from "node:timers/promises";
import { isAmbiguous } from "./api/errors.js";
import { begin, close, isNot, made, type Intent, type NewIntent } from "./journal.js";

export interface Creation<Body> {
  readonly intent: NewIntent;
  /** Sends the POST. */
  readonly post: (intent: Intent) => Promise<Body>;
  readonly nameOf: (body: Body) => string;
  /** Looks for what an unanswered POST made; undefined when there is nothing, or nothing that could be used. */
  readonly look: (intent: Intent) => Promise<Body | undefined>;
  /** When to look after an answer was lost, in milliseconds since the last look: it may be slow to appear. */
  readonly looks: readonly number[];
}

const attempts = 3;

/**
 * Creates something exactly once. A POST whose answer was lost is not repeated blindly: first we look, and only what is not there
 * is created again. The journal has it before, so that a run after a crash looks, too.
 */
export async function createOnce<Body>({ intent, post, nameOf, look, looks }: Creation<Body>): Promise<Body> {
  /** Those whose answer was lost. They stay open: what appears too late for us is found by the next run. */
  const lost: Intent[] = [];
  for (let attempt = 1; ; attempt++) {
    const entry = begin(intent);
    try {
      return settled(await post(entry));
    } catch (error) {
      if (!isAmbiguous(error)) {
        close(entry);
        throw error;
      }
      const found = await lookAgain(entry);
      if (found !== undefined) return settled(found);
      lost.push(entry);
      if (attempt === attempts) throw error;
    }

    function settled(body: Body): Body {
      made(entry, nameOf(body));
      for (const earlier of lost) isNot(earlier, [nameOf(body)]);
      return body;
    }
  }

  async function lookAgain(entry: Intent): Promise<Body | undefined> {
    for (const wait of looks) {
      await setTimeout(wait);
      const found = await look(entry);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** For what can be found again: patient until what is new is usually seen everywhere. */
export const patientLooks = (retryDelay: number): number[] =>
  [0, 1, 2, 3, 4].map((times) => times * retryDelay);
/** For what is of no use when it is found. */
export const briefLooks = (retryDelay: number): number[] => [0, retryDelay];
