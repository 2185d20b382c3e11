import { notice } from "../api/text/notice.js";
import { toServerTime } from "../api/http/serverClock.js";
import type { KeyBody } from "../api/bodies/serviceAccounts.js";
import { holderOf } from "../stack/claims.js";
import {
  isAccountedFor,
  ruleOut,
  loadRecordedNames,
  reloadJournal,
  type Intent,
} from "../recovery/journal.js";
import { mayBeOf } from "../recovery/intentOutcome.js";
import { removalAdvice } from "../recovery/removalAdvice.js";

/** Reports of keys that may be nobody's. A key that a state holds is never among them. */

/**
 * Reports keys that came after `intent` was begun and that nobody's journal or state accounts for, once.
 *
 * @returns how many
 */
export async function reportUnexplained(keys: readonly KeyBody[], intent: Intent): Promise<number> {
  await loadRecordedNames(intent.urn);
  const appeared = keys.filter((key) => mayBeOf(intent, key));
  await report(appeared, intent.urn, "appeared while the answer to a key's creation was lost");
  ruleOut(
    intent,
    appeared.map(({ name }) => name),
  );
  return appeared.length;
}

const day = 24 * 3_600_000;

/** On a machine without the journal an interrupted run shows only as a young key that nobody accounts for. */
export async function reportYoungKeys(keys: readonly KeyBody[], urn: string): Promise<void> {
  const isUnknown = ({ name, createTime }: KeyBody): boolean =>
    !isAccountedFor(name) && Date.parse(createTime) > toServerTime(Date.now()) - day;
  if (!keys.some(isUnknown)) return;
  // Another process of this run may have made it.
  reloadJournal();
  await report(keys.filter(isUnknown), urn, "is not in what this run has seen of its state");
}

const reported = new Set<string>();

/** @param urn the resource that the key may have been made for */
export async function report(keys: readonly KeyBody[], urn: string, what: string): Promise<void> {
  for (const { name } of keys) {
    if (reported.has(name) || (await holderOf(name, urn)) !== undefined) continue;
    reported.add(name);
    notice(
      `key ${name} ${what}: it may be an orphan whose secret nobody has. If no other stack or person uses it, ${removalAdvice(name, await loadRecordedNames(urn))}`,
    );
  }
}
