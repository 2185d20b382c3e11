import * as v from "valibot";
import { parseAs } from "../api/http/client.js";
import { remove, parentOf } from "../api/reads/find.js";
import { parseJson } from "../api/text/json.js";
import { notice } from "../api/text/notice.js";
import { registerSecret } from "../api/text/redact.js";
import { NewKeyBody, type KeyBody } from "../api/bodies/serviceAccounts.js";
import { listKeys } from "../api/reads/accountLists.js";
import { collectionsOf } from "../api/text/resourceNames.js";
import { createOnce, pollForOutcome } from "../recovery/createOnce.js";
import {
  intentsOfOtherProcesses,
  closeIntent,
  isProvablyLost,
  loadRecordedNames,
  noteCreated,
  mayBeInState,
  openIntentsOf,
  type Intent,
} from "../recovery/journal.js";
import { isOver } from "../recovery/intentOutcome.js";
import { recoverFromLostAnswer } from "./lostAnswer.js";
import { awaitConcurrentRuns, assertNoOtherCreation } from "../recovery/concurrentRuns.js";
import type { Session } from "../session/session.js";
import { report, reportUnexplained, reportYoungKeys } from "./orphanKeys.js";

/** The API's limit of keys per account. */
const mostKeys = 10;

export interface Owner {
  /** `projects/P/serviceaccounts/S` */
  readonly serviceAccount: string;
  /** The URN of the resource that the key is for; empty if it is not known. */
  readonly urn: string;
}

/**
 * Creates exactly one key. The API shows a secret only once, so a key whose answer was lost is useless. Such a key is
 * removed if it is provably ours. Otherwise it is reported by name, because somebody else may have created it at the
 * same moment.
 *
 * @throws Error before it creates anything, if the account has the maximum number of keys
 */
export async function createKey(owner: Owner, session: Session): Promise<NewKeyBody> {
  const { api, settings } = session;
  const { serviceAccount, urn } = owner;
  await loadRecordedNames(urn);
  await awaitConcurrentRuns(urn, settings);
  const keys = await withoutLost(await listKeys(api, serviceAccount), owner, session);
  assertNoOtherCreation(urn);
  if (keys.length >= mostKeys) {
    throw new Error(
      `${serviceAccount} has ${keys.length} keys, and the API allows ${mostKeys}: delete one that nobody uses (${keys.map(({ id }) => id).join(", ")})`,
    );
  }
  const before = keys.map(({ name }) => name);
  const created = await createOnce<NewKeyBody>({
    intent: { urn, apiUrl: settings.apiUrl, kind: "key", parent: serviceAccount, label: "", before },
    nameOf: ({ key }) => key.name,
    post: (intent) => post(intent, session),
    look: (intent, error) => recoverFromLostAnswer(intent, error, session),
    // Each lost answer may leave a useless key.
    attempts: 2,
  });
  await reportYoungKeys(keys, urn);
  return created;
}

async function post(intent: Intent, { api }: Session): Promise<NewKeyBody> {
  const response = await api.post(`${intent.parent}/keys`);
  try {
    const created = parseAs(
      v.pipe(
        NewKeyBody,
        v.check(({ key }) => isBelow(intent, key.name)),
      ),
    )(response);
    registerSecret(created.secret);
    return created;
  } catch (error) {
    // The answer is invalid but names the key. So the key is ours, and its secret is lost.
    const answer = v.safeParse(v.object({ key: v.object({ name: v.string() }) }), parseJson(response.body));
    if (answer.success && isBelow(intent, answer.output.key.name)) {
      noteCreated(intent, answer.output.key.name);
      await remove(api, answer.output.key.name);
    }
    throw error;
  }
}

const isBelow = ({ parent, before }: Intent, name: string): boolean =>
  collectionsOf(name) === "projects/serviceaccounts/keys" &&
  parentOf(name) === parent &&
  !before.includes(name);

/**
 * Cleans up after earlier runs: removes the keys that are provably lost and reports the others.
 *
 * @returns the keys that remain
 */
async function withoutLost(
  keys: KeyBody[],
  { serviceAccount, urn }: Owner,
  { api, settings }: Session,
): Promise<KeyBody[]> {
  let remaining = keys;
  const isAtWork = new Set(intentsOfOtherProcesses(urn).map(({ entry }) => entry));
  for (const intent of openIntentsOf({ urn, apiUrl: settings.apiUrl, kind: "key", parent: serviceAccount })) {
    // Another process is still at work on this key.
    if (isAtWork.has(intent.entry)) continue;
    if (intent.made === undefined) {
      await pollForOutcome(intent, settings.retryDelay, async () => {
        remaining = await listKeys(api, serviceAccount);
        return (await reportUnexplained(remaining, intent)) > 0 || undefined;
      });
      // Keep the intent open while a key may still appear: a later run reports it.
      if (isOver(intent)) closeIntent(intent);
      continue;
    }
    const left = remaining.filter(({ name }) => name === intent.made);
    if (left.length > 0 && isProvablyLost(intent) && !mayBeInState(urn)) {
      await remove(api, intent.made);
      notice(`removed key ${intent.made}: an interrupted run had made it, and its secret was lost`);
      remaining = remaining.filter(({ name }) => name !== intent.made);
    } else {
      await report(
        left,
        urn,
        "was made by an earlier run for the same resource, whose state does not show it",
      );
    }
    closeIntent(intent);
  }
  return remaining;
}
