import { setTimeout } from "node:timers/promises";
import { isAmbiguous } from "./api/errors.js";
import { begin, close, made, type Intent, type NewIntent } from "./journal.js";

export interface Creation<Body> {
  readonly intent: NewIntent;
  /** Sends the POST. */
  readonly post: (intent: Intent) => Promise<Body>;
  readonly nameOf: (body: Body) => string;
  /** Looks for what an unanswered POST made; undefined when there is nothing, or nothing that could be used. */
  readonly look: (intent: Intent) => Promise<Body | undefined>;
}

const attempts = 3;
/** When to look after an answer was lost, in milliseconds since the last look: the POST may be slower than its connection. */
const looks = [0, 1000, 2000];

/**
 * Creates something exactly once. A POST whose answer was lost is not repeated blindly: first we look, and only what is proven
 * not to exist is created again. The journal has it before, so that a run after a crash looks, too.
 */
export async function createOnce<Body>({ intent, post, nameOf, look }: Creation<Body>): Promise<Body> {
  for (let attempt = 1; ; attempt++) {
    const entry = begin(intent);
    try {
      const body = await post(entry);
      made(entry, nameOf(body));
      return body;
    } catch (error) {
      if (!isAmbiguous(error)) {
        close(entry);
        throw error;
      }
      // Where looking fails, too, the entry stays open, and the next run looks.
      const found = await lookAgain(entry, look);
      if (found !== undefined) {
        made(entry, nameOf(found));
        return found;
      }
      close(entry);
      if (attempt === attempts) throw error;
    }
  }
}

async function lookAgain<Body>(entry: Intent, look: Creation<Body>["look"]): Promise<Body | undefined> {
  for (const wait of looks) {
    await setTimeout(wait);
    const found = await look(entry);
    if (found !== undefined) return found;
  }
  return undefined;
}
