import { notice } from "../api/text/notice.js";
import { toServerTime } from "../api/http/serverClock.js";
import type { KeyBody } from "../api/bodies/serviceAccounts.js";
import { listKeys } from "../api/reads/accountLists.js";
import { holderOf } from "../stack/claims.js";
import {
  isAccountedFor,
  ruleOut,
  loadRecordedNames,
  reloadJournal,
  type Intent,
} from "../recovery/journal.js";
import type { OrphanReporter } from "../recovery/orphanReport.js";
import { mayBeOf } from "../recovery/intentOutcome.js";
import { removalAdvice } from "../recovery/removalAdvice.js";

/** Reports keys that may be orphans. It never reports a key that a state holds. */

/**
 * Reports the keys that appeared after `intent` began, and that no journal or state accounts for. Reports each key
 * once.
 *
 * @returns the number of these keys
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

export const keyOrphans: OrphanReporter = {
  kind: "key",
  async report(intent, api) {
    await reportUnexplained(await listKeys(api, intent.parent), intent);
    // The report is final: no later run can use these keys.
    return false;
  },
};

const day = 24 * 3_600_000;

/**
 * Reports keys that are less than a day old and that nothing accounts for. On a machine without the journal, such a key
 * is the only trace of an interrupted run.
 */
export async function reportYoungKeys(keys: readonly KeyBody[], urn: string): Promise<void> {
  const isUnknown = ({ name, createTime }: KeyBody): boolean =>
    !isAccountedFor(name) && Date.parse(createTime) > toServerTime(Date.now()) - day;
  if (!keys.some(isUnknown)) return;
  // Another process of this run may have created one of them.
  reloadJournal();
  await report(keys.filter(isUnknown), urn, "is not in what this run has seen of its state");
}

const reported = new Set<string>();

/** @param urn the resource that the keys may have been created for */
export async function report(keys: readonly KeyBody[], urn: string, what: string): Promise<void> {
  for (const { name } of keys) {
    if (reported.has(name) || (await holderOf(name, urn)) !== undefined) continue;
    reported.add(name);
    notice(
      `key ${name} ${what}: it may be an orphan whose secret nobody has. If no other stack or person uses it, ${removalAdvice(name, await loadRecordedNames(urn))}`,
    );
  }
}
