import { setTimeout } from "node:timers/promises";
import type { ApiError } from "../api/http/errors.js";
import { remove } from "../api/reads/find.js";
import { notice } from "../api/text/notice.js";
import { listKeys, type KeyBody } from "../api/bodies/serviceAccounts.js";
import { pollUntilFound } from "../recovery/createOnce.js";
import { closeIntent, noteCreated, reloadJournal, type Intent } from "../recovery/journal.js";
import { isOnlyOf, mayBeOf } from "../recovery/intentOutcome.js";
import type { Session } from "../session/session.js";
import { reportUnexplained } from "./orphanKeys.js";

/**
 * Looks for the key that a POST has made whose answer can't be used. The API tells a secret once, so the key is of no use to anybody.
 * Where the API has confirmed the creation, and exactly one key has appeared that can be nobody else's, that key is removed. Other
 * keys are only named: somebody else may have made them at the same moment.
 *
 * @returns nothing, since a key without its secret can't be used
 */
export async function recoverFromLostAnswer(
  intent: Intent,
  { status = 0 }: ApiError,
  { api, settings }: Session,
): Promise<undefined> {
  const list = () => listKeys(api, intent.parent);
  if (status >= 200 && status < 300 && (await removeOwn())) return;
  for (const wait of [0, settings.retryDelay]) {
    await setTimeout(wait);
    await reportUnexplained(await list(), intent);
  }

  async function removeOwn(): Promise<boolean> {
    const answeredAt = Date.now();
    let appeared: readonly KeyBody[] = [];
    // A list may be slow to show ours, and show somebody else's before: so all looks are taken.
    await pollUntilFound(settings.retryDelay, async () => {
      appeared = (await list()).filter((key) => mayBeOf(intent, key, answeredAt));
      return appeared.length > 1 || undefined;
    });
    const [own] = appeared;
    if (own === undefined || appeared.length > 1) return false;
    // Another process may be waiting for it.
    reloadJournal();
    if (!isOnlyOf(intent, own)) return false;
    noteCreated(intent, own.name);
    await remove(api, own.name);
    notice(
      `removed key ${own.name}: the API confirmed that it was created, but the answer did not hold its secret`,
    );
    closeIntent(intent);
    return true;
  }
}
