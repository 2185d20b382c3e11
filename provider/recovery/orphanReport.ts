import { isNotFound } from "../api/http/errors.js";
import { isProvenGone } from "../api/reads/find.js";
import { listMembers } from "../api/bodies/members.js";
import { notice } from "../api/text/notice.js";
import { listKeys, listServiceAccounts } from "../api/bodies/serviceAccounts.js";
import { closeIntent, loadRecordedNames, orphanIntentsIn, type Intent } from "./journal.js";
import { isOver } from "./intentOutcome.js";
import { mayBeMembershipOf } from "../memberships/membership.js";
import { candidatesFor } from "../accounts/createServiceAccount.js";
import { removalAdvice } from "./removalAdvice.js";
import type { Session } from "../session/session.js";
import { reportUnexplained } from "../keys/orphanKeys.js";

const looked = new Set<string>();
let looking: Promise<unknown> = Promise.resolve();

/**
 * Reports by name what interrupted runs of this stack have made and no state holds, also for resources that the program has dropped
 * since: nobody would come back for those. Asks the cloud only where the journal has such a run, once in a process.
 */
export async function reportOrphans(
  urn: string,
  apiUrl: string,
  open: () => Promise<Session>,
): Promise<void> {
  for (const intent of await orphanIntentsIn(urn, apiUrl)) {
    if (looked.has(intent.entry)) continue;
    looked.add(intent.entry);
    // A matter of courtesy: what keeps us from looking is told by the operation itself, if it meets it, too.
    looking = looking.then(() => report(intent, open)).catch(() => undefined);
  }
  await looking;
}

async function report(intent: Intent, open: () => Promise<Session>): Promise<void> {
  if (intent.made === undefined) await reportCandidates(intent, open);
  else await reportMade(intent, intent.made, open);
}

async function reportMade(intent: Intent, name: string, open: () => Promise<Session>): Promise<void> {
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
    `${name} was made for ${intent.urn} by an interrupted run, which could not record it. If that resource is still declared, the run that creates it puts this right. Otherwise ${removal}`,
  );
}

async function reportCandidates(intent: Intent, open: () => Promise<Session>): Promise<void> {
  const { api } = await open();
  const { kind, parent, urn, label } = intent;
  if (kind === "key") {
    await reportUnexplained(await listKeys(api, parent), intent);
    if (isOver(intent)) closeIntent(intent);
    return;
  }
  const candidates =
    kind === "serviceAccount"
      ? candidatesFor(intent, await listServiceAccounts(api, parent))
      : (await listMembers(api, parent)).filter((member) => mayBeMembershipOf(intent, member));
  if (candidates.length === 0 && isOver(intent)) closeIntent(intent);
  const isStateKnown = await loadRecordedNames(urn);
  for (const { name } of candidates) {
    notice(
      `${name} ("${label}") may be what an interrupted run made for ${urn}, whose creation was not answered. If that resource is still declared, the run that creates it puts this right. Otherwise, if nobody else made it, ${removalAdvice(name, isStateKnown)}`,
    );
  }
}
