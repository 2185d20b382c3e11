import type { Api } from "../api/http/client.js";
import { isNotFound } from "../api/http/errors.js";
import { isProvenGone } from "../api/reads/find.js";
import { notice } from "../api/text/notice.js";
import { closeIntent, loadRecordedNames, orphanIntentsIn, type Intent } from "./journal.js";
import { isOver } from "./intentOutcome.js";
import { removalAdvice } from "./removalAdvice.js";
import type { Session } from "../session/session.js";

/** Knows how one kind of thing is found again whose request was not answered. */
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
export async function reportOrphans(urn: string, apiUrl: string, looking: Looking): Promise<void> {
  for (const intent of await orphanIntentsIn(urn, apiUrl)) {
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
    closeIntent(intent);
    return;
  }
  const removal = removalAdvice(name, await loadRecordedNames(intent.urn));
  notice(
    `${name} was made for ${intent.urn} by an interrupted run, which could not record it in the state. If that resource is still declared, the next \`pulumi up\` adopts it. Otherwise ${removal}`,
  );
}

async function reportUnknown(intent: Intent, { reporters, open }: Looking): Promise<void> {
  const { api } = await open();
  const isOpen = await reporters.find(({ kind }) => kind === intent.kind)?.report(intent, api);
  if (isOpen === false && isOver(intent)) closeIntent(intent);
}

/** Reports things that may be what an interrupted run created. @returns whether there are any */
export async function reportCandidates(
  { urn, label }: Intent,
  candidates: readonly { readonly name: string }[],
): Promise<boolean> {
  const isStateKnown = await loadRecordedNames(urn);
  for (const { name } of candidates) {
    notice(
      `${name} ("${label}") may be what an interrupted run made for ${urn}, whose request was not answered. If that resource is still declared, the next \`pulumi up\` adopts it. Otherwise, if nobody else made it, ${removalAdvice(name, isStateKnown)}`,
    );
  }
  return candidates.length > 0;
}
