import type { Api } from "../api/http/client.js";
import { isNotFound } from "../api/http/errors.js";
import { isProvenGone } from "../api/reads/find.js";
import { notice } from "../api/text/notice.js";
import { closeIntent, loadRecordedNames, orphanIntentsIn, type Intent } from "./journal.js";
import { isOver } from "./intentOutcome.js";
import { removalAdvice } from "./removalAdvice.js";
import type { Session } from "../session/session.js";

/** Finds the things of one kind whose creation got no answer. */
export interface OrphanReporter {
  readonly kind: Intent["kind"];
  /**
   * Reports the things that the creation may have made.
   *
   * @returns whether the intent must stay open, because one of these things may still prove to be its outcome
   */
  report(intent: Intent, api: Api): Promise<boolean>;
}

interface Looking {
  readonly reporters: readonly OrphanReporter[];
  readonly open: () => Promise<Session>;
}

const looked = new Set<string>();
let looks: Promise<unknown> = Promise.resolve();

/**
 * Reports by name the things that interrupted runs of this stack created and that no state holds. This includes
 * resources that the program no longer has: no later run would find their things. Asks the cloud only about intents in
 * the journal, once per process.
 */
export async function reportOrphans(urn: string, apiUrl: string, looking: Looking): Promise<void> {
  for (const intent of await orphanIntentsIn(urn, apiUrl)) {
    if (looked.has(intent.entry)) continue;
    looked.add(intent.entry);
    // The report is optional, so ignore its errors. If they matter, the operation itself meets and reports them.
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

/**
 * Reports things that an interrupted run may have created.
 *
 * @returns whether there are any
 */
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
