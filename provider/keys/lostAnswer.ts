import { pause } from "../api/http/cancellation.js";
import type { ApiError } from "../api/http/errors.js";
import { remove } from "../api/reads/find.js";
import { notice } from "../api/text/notice.js";
import type { KeyBody } from "../api/bodies/serviceAccounts.js";
import { listKeys } from "../api/reads/accountLists.js";
import { pollUntilFound } from "../recovery/createOnce.js";
import { closeIntent, noteCreated, reloadJournal, type Intent } from "../recovery/journal.js";
import { isOnlyOf, mayBeOf } from "../recovery/intentOutcome.js";
import type { Session } from "../session/session.js";
import { reportUnexplained } from "./orphanKeys.js";

/**
 * Looks for the key of a POST whose answer was lost or invalid. The API shows a secret only once, so nobody can use the
 * key. If the API has confirmed the creation, and exactly one new key can only be ours, removes that key. Otherwise
 * reports the new keys by name, because somebody else may have created them at the same moment.
 *
 * @returns undefined, because a key without its secret can't be used
 */
export async function recoverFromLostAnswer(
  intent: Intent,
  { status = 0 }: ApiError,
  { api, settings }: Session,
): Promise<undefined> {
  const list = () => listKeys(api, intent.parent);
  if (status >= 200 && status < 300 && (await removeOwn())) return;
  for (const wait of [0, settings.retryDelay]) {
    await pause(wait);
    await reportUnexplained(await list(), intent);
  }

  async function removeOwn(): Promise<boolean> {
    const answeredAt = Date.now();
    let appeared: readonly KeyBody[] = [];
    // A list may show somebody else's key before it shows ours. So keep polling after the first key appears.
    await pollUntilFound(settings.retryDelay, async () => {
      appeared = (await list()).filter((key) => mayBeOf(intent, key, answeredAt));
      return appeared.length > 1 || undefined;
    });
    const [own] = appeared;
    if (own === undefined || appeared.length > 1) return false;
    // Another process may be waiting for the same key.
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
