import { isNotFound } from "./api/errors.js";
import { isProvenGone } from "./api/find.js";
import { listMembers } from "./api/members.js";
import { notice } from "./api/notice.js";
import { listKeys, listServiceAccounts } from "./api/serviceAccounts.js";
import { close, learnRecorded, leftInStack, type Intent } from "./journal.js";
import { isOver } from "./outcomes.js";
import { mayBeMembershipOf } from "./membership.js";
import { candidatesFor } from "./newServiceAccount.js";
import { howToRemove } from "./orphans.js";
import type { Session } from "./session.js";
import { reportUnexplained } from "./strayKeys.js";

const looked = new Set<string>();
let looking: Promise<unknown> = Promise.resolve();

/**
 * Reports by name what interrupted runs of this stack have made and no state holds, also for resources that the program has dropped
 * since: nobody would come back for those. Asks the cloud only where the journal has such a run, once in a process.
 */
export async function reportLeftovers(
  urn: string,
  apiUrl: string,
  open: () => Promise<Session>,
): Promise<void> {
  for (const intent of await leftInStack(urn, apiUrl)) {
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
    close(intent);
    return;
  }
  const removal = howToRemove(name, await learnRecorded(intent.urn));
  notice(
    `${name} was made for ${intent.urn} by an interrupted run, which could not record it. If that resource is still declared, the run that creates it puts this right. Otherwise ${removal}`,
  );
}

async function reportCandidates(intent: Intent, open: () => Promise<Session>): Promise<void> {
  const { api } = await open();
  const { kind, parent, urn, label } = intent;
  if (kind === "key") {
    await reportUnexplained(await listKeys(api, parent), intent);
    if (isOver(intent)) close(intent);
    return;
  }
  const candidates =
    kind === "serviceAccount"
      ? candidatesFor(intent, await listServiceAccounts(api, parent))
      : (await listMembers(api, parent)).filter((member) => mayBeMembershipOf(intent, member));
  if (candidates.length === 0 && isOver(intent)) close(intent);
  const isStateKnown = await learnRecorded(urn);
  for (const { name } of candidates) {
    notice(
      `${name} ("${label}") may be what an interrupted run made for ${urn}, whose creation was not answered. If that resource is still declared, the run that creates it puts this right. Otherwise, if nobody else made it, ${howToRemove(name, isStateKnown)}`,
    );
  }
}
