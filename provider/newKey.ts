import * as v from "valibot";
import { as } from "./api/client.js";
import { parentOf, remove } from "./api/find.js";
import { parseJson } from "./api/json.js";
import { collectionsOf } from "./api/names.js";
import { notice } from "./api/notice.js";
import { hide } from "./api/redact.js";
import { listKeys, NewKeyBody, type KeyBody } from "./api/serviceAccounts.js";
import { createOnce, lookForOutcome } from "./createOnce.js";
import {
  atWorkElsewhere,
  close,
  isProvablyLost,
  learnRecorded,
  made,
  mayBeHeld,
  unfinished,
  type Intent,
} from "./journal.js";
import { isOver } from "./outcomes.js";
import { afterLostAnswer } from "./lostKey.js";
import { awaitOtherRuns, refuseBesideOthers } from "./otherRuns.js";
import type { Session } from "./session.js";
import { report, reportUnexplained, reportUnknown } from "./strayKeys.js";

/** The API's limit of keys for one account. */
const mostKeys = 10;

export interface Owner {
  /** `projects/P/serviceaccounts/S` */
  readonly serviceAccount: string;
  /** The resource that the key is for; empty when it is not known. */
  readonly urn: string;
}

/**
 * Makes a key, exactly one, and never loses one unnoticed: the API tells a secret once, so a key whose answer was lost is useless.
 * It is removed where it is provably ours, and else reported by name: somebody else may have made it at the same moment.
 *
 * @throws Error before anything is made when the account has no room for another.
 */
export async function newKey(owner: Owner, session: Session): Promise<NewKeyBody> {
  const { api, settings } = session;
  const { serviceAccount, urn } = owner;
  await learnRecorded(urn);
  await awaitOtherRuns(urn, settings);
  const keys = await withoutLost(await listKeys(api, serviceAccount), owner, session);
  refuseBesideOthers(urn);
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
    look: (intent, error) => afterLostAnswer(intent, error, session),
    // Each lost answer may leave a key that is of no use.
    attempts: 2,
  });
  await reportUnknown(keys, urn);
  return created;
}

async function post(intent: Intent, { api }: Session): Promise<NewKeyBody> {
  const response = await api.post(`${intent.parent}/keys`);
  try {
    const created = as(
      v.pipe(
        NewKeyBody,
        v.check(({ key }) => isBelow(intent, key.name)),
      ),
    )(response);
    hide(created.secret);
    return created;
  } catch (error) {
    // An answer that names the key but is otherwise useless: that key is ours, and its secret is lost.
    const answer = v.safeParse(v.object({ key: v.object({ name: v.string() }) }), parseJson(response.body));
    if (answer.success && isBelow(intent, answer.output.key.name)) {
      made(intent, answer.output.key.name);
      await remove(api, answer.output.key.name);
    }
    throw error;
  }
}

const isBelow = ({ parent, before }: Intent, name: string): boolean =>
  collectionsOf(name) === "projects/serviceaccounts/keys" &&
  parentOf(name) === parent &&
  !before.includes(name);

/** Settles what earlier runs left: the keys that remain. */
async function withoutLost(
  keys: KeyBody[],
  { serviceAccount, urn }: Owner,
  { api, settings }: Session,
): Promise<KeyBody[]> {
  let remaining = keys;
  const isAtWork = new Set(atWorkElsewhere(urn).map(({ entry }) => entry));
  for (const intent of unfinished({ urn, apiUrl: settings.apiUrl, kind: "key", parent: serviceAccount })) {
    // Its process is not done with it.
    if (isAtWork.has(intent.entry)) continue;
    if (intent.made === undefined) {
      await lookForOutcome(intent, settings.retryDelay, async () => {
        remaining = await listKeys(api, serviceAccount);
        return (await reportUnexplained(remaining, intent)) > 0 || undefined;
      });
      // What has not come yet is told by a later run.
      if (isOver(intent)) close(intent);
      continue;
    }
    const left = remaining.filter(({ name }) => name === intent.made);
    if (left.length > 0 && isProvablyLost(intent) && !mayBeHeld(urn)) {
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
    close(intent);
  }
  return remaining;
}
