import { pause } from "../api/http/cancellation.js";
import { notice } from "../api/text/notice.js";
import type { Settings } from "../api/http/settings.js";
import { intentsOfOtherProcesses, reloadJournal, type Intent } from "./journal.js";

/** The longest wait, as a fraction of the operation's time limit. */
const part = 0.4;
const longestWait = 120_000;
const lookEvery = 200;

/**
 * Waits while the provider of an earlier run is still at work on this resource: a provider outlives a killed CLI.
 * Returns after a limited time, even if the provider is not done.
 */
export async function awaitConcurrentRuns(urn: string, { deadline }: Settings): Promise<void> {
  const end = Date.now() + Math.min(longestWait, part * deadline);
  while (intentsOfOtherProcesses(urn).length > 0 && Date.now() < end) {
    notice("waiting for an interrupted run that is still creating something");
    await pause(lookEvery);
    reloadJournal();
  }
}

/**
 * Call this after reading what exists, and before creating anything.
 *
 * @throws Error if another process may still be creating the thing, because this run would create a second one
 */
export function assertNoOtherCreation(urn: string): void {
  const [intent] = intentsOfOtherProcesses(urn);
  if (intent !== undefined) throw new Error(describe(intent));
}

function describe({ pid, startedAt, made, kind, parent, label }: Intent): string {
  const named = `"${label}" in`;
  const what = { key: "a key of", serviceAccount: named, project: named, member: `${label} in` }[kind];
  const since = new Date(startedAt).toISOString();
  const doing =
    made === undefined
      ? `may still be creating ${what} ${parent}`
      : `has created ${made} and is still working on it`;
  return `process ${pid}, the provider of an earlier run, ${doing} (since ${since}), so this run creates nothing. Wait until that process has ended, or end it (kill ${pid}), then run again`;
}
