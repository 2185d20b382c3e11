import type { Api } from "./api/client.js";
import { isNotFound } from "./api/errors.js";
import { isProvenGone } from "./api/find.js";
import { notice } from "./api/notice.js";
import { close, learnRecorded, leftInStack, type Intent } from "./journal.js";
import { isOver } from "./outcomes.js";
import { howToRemove } from "./orphans.js";
import type { Session } from "./session.js";

/** Knows how one kind of thing is found again whose creation was not answered. */
export interface OrphanReporter {
  readonly kind: Intent["kind"];
  /** Reports what the creation may have made. @returns whether it may still turn out to have made something of it */
  report(intent: Intent, api: Api): Promise<boolean>;
}

interface Looking {
  readonly reporters: readonly OrphanReporter[];
  readonly open: () => Promise<Session>;
}

const looked = new Set<string>();
let looks: Promise<unknown> = Promise.resolve();

/**
 * Reports by name what interrupted runs of this stack have made and no state holds, also for resources that the program has dropped
 * since: nobody would come back for those. Asks the cloud only where the journal has such a run, once in a process.
 */
export async function reportLeftovers(urn: string, apiUrl: string, looking: Looking): Promise<void> {
  for (const intent of await leftInStack(urn, apiUrl)) {
    if (looked.has(intent.entry)) continue;
    looked.add(intent.entry);
    // A matter of courtesy: what keeps us from looking is told by the operation itself, if it meets it, too.
    looks = looks.then(() => report(intent, looking)).catch(() => undefined);
  }
  await looks;
}

async function report(intent: Intent, looking: Looking): Promise<void> {
  if (intent.made === undefined) await reportUnknown(intent, looking);
  else await reportMade(intent, intent.made, looking);
}

async function reportMade(intent: Intent, name: string, { open }: Looking): Promise<void> {
  const { api } = await open();
  try {
    await api.get(name);
  } catch (error) {
    if (!isNotFound(error) || !(await isProvenGone(api, name, error))) throw error;
    close(intent);
    return;
  }
  const removal = howToRemove(name, await learnRecorded(intent.urn));
  notice(
    `${name} was made for ${intent.urn} by an interrupted run, which could not record it. If that resource is still declared, the run that creates it puts this right. Otherwise ${removal}`,
  );
}

async function reportUnknown(intent: Intent, { reporters, open }: Looking): Promise<void> {
  const { api } = await open();
  const isOpen = await reporters.find(({ kind }) => kind === intent.kind)?.report(intent, api);
  if (isOpen === false && isOver(intent)) close(intent);
}

/** Reports things that may be what an interrupted run created. @returns whether there are any */
export async function reportCandidates(
  { urn, label }: Intent,
  candidates: readonly { readonly name: string }[],
): Promise<boolean> {
  const isStateKnown = await learnRecorded(urn);
  for (const { name } of candidates) {
    notice(
      `${name} ("${label}") may be what an interrupted run made for ${urn}, whose creation was not answered. If that resource is still declared, the run that creates it puts this right. Otherwise, if nobody else made it, ${howToRemove(name, isStateKnown)}`,
    );
  }
  return candidates.length > 0;
}
