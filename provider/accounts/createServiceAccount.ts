import * as v from "valibot";
import { parseAs, parseAsNamed, patchOf } from "../api/http/client.js";
import { find, idOf, parentOf } from "../api/reads/find.js";
import { notice } from "../api/text/notice.js";
import { noteCreation } from "../api/http/recentlyCreated.js";
import { serverNow } from "../api/http/serverClock.js";
import { ServiceAccountBody } from "../api/bodies/serviceAccounts.js";
import { listServiceAccounts } from "../api/reads/accountLists.js";
import { createOnce, pollForOutcome, pollUntilFound } from "../recovery/createOnce.js";
import {
  intentsOfOtherProcesses,
  closeIntent,
  hasCompetingIntent,
  isAccountedFor,
  loadRecordedNames,
  noteCreated,
  mayBeInState,
  mayBeResumed,
  openIntentsOf,
  type Intent,
} from "../recovery/journal.js";
import { reportCandidates, type OrphanReporter } from "../recovery/orphanReport.js";
import { isOver, mayBeOf } from "../recovery/intentOutcome.js";
import { removalAdvice } from "../recovery/removalAdvice.js";
import { awaitConcurrentRuns, assertNoOtherCreation } from "../recovery/concurrentRuns.js";
import type { Session } from "../session/session.js";

/** The account that the program declares. */
interface Wanted {
  readonly project: string;
  readonly displayName: string;
  readonly enableBasicAuth: boolean;
}

/**
 * Creates exactly one account. If an interrupted run, or a POST without an answer, created it already, finds that one.
 * Accounts can only be told apart by display name and creation time. If two match, reports both and changes nothing.
 *
 * @returns the account; one that was found again may still differ from the declared one
 * @throws Error if more than one account could be the one that an interrupted run created
 */
export async function createServiceAccount(
  wanted: Wanted,
  urn: string,
  session: Session,
): Promise<ServiceAccountBody> {
  const { api, settings } = session;
  const { project, displayName, enableBasicAuth } = wanted;
  const isStateKnown = await loadRecordedNames(urn);
  await awaitConcurrentRuns(urn, settings);
  const left = await fromEarlierRun(wanted, urn, session);
  if (left !== undefined) return left;
  assertNoOtherCreation(urn);
  const accounts = await listServiceAccounts(api, project);
  warnOfTwin(accounts, displayName, isStateKnown);

  const before = accounts.filter((account) => isTwin(account, displayName)).map(({ name }) => name);
  const intent = {
    urn,
    apiUrl: settings.apiUrl,
    kind: "serviceAccount",
    parent: project,
    label: displayName,
    before,
  } as const;
  const body = await createOnce<ServiceAccountBody>({
    intent,
    nameOf: ({ name }) => name,
    post: () =>
      api.post(`${project}/serviceaccounts`, { json: { displayName, enableBasicAuth } }).then(
        parseAs(
          v.pipe(
            ServiceAccountBody,
            v.check(({ name }) => parentOf(name) === project),
          ),
        ),
      ),
    look: (entry) =>
      pollUntilFound(settings.retryDelay, async () => {
        const accounts = await listServiceAccounts(api, project);
        // Another resource with this display name may be waiting for the same account.
        const found = hasCompetingIntent(entry) ? undefined : theOne(accounts, entry);
        if (found !== undefined) {
          notice(
            `the answer to the creation of "${displayName}" in ${project} was lost; ${found.name} was created at that time with this name. This run treats it as the one it created`,
          );
        }
        return found;
      }),
  });
  noteCreation(body.email);
  return body;
}

async function fromEarlierRun(
  { project }: Wanted,
  urn: string,
  { api, settings: { apiUrl, retryDelay } }: Session,
) {
  const isAtWork = new Set(intentsOfOtherProcesses(urn).map(({ entry }) => entry));
  for (const intent of openIntentsOf({ urn, apiUrl, kind: "serviceAccount", parent: project })) {
    // Another process is still at work on this account.
    if (intent.made !== undefined && isAtWork.has(intent.entry)) continue;
    const found = await outcomeOf(intent);
    if (found === undefined) {
      // Keep the intent open while the account may still appear: a later run reports it.
      if (intent.made !== undefined || (isOver(intent) && !isAtWork.has(intent.entry))) closeIntent(intent);
      continue;
    }
    notice(
      intent.made === undefined
        ? `an interrupted run was creating "${intent.label}" in ${project}; ${found.name} was created at that time with this name. This run treats it as the one that was interrupted`
        : `found service account ${found.name} again, which an interrupted run had made`,
    );
    noteCreated(intent, found.name);
    return found;
  }
  return undefined;

  async function outcomeOf(intent: Intent) {
    if (intent.made === undefined) {
      return pollForOutcome(intent, retryDelay, async () =>
        theOne(await listServiceAccounts(api, project), intent),
      );
    }
    // Before a replacement, the state holds an account, which may be this one.
    // An account that went to the engine in this run may be in a state, too.
    if (mayBeInState(urn) || !mayBeResumed(intent)) return undefined;
    return find(api, intent.made, ServiceAccountBody);
  }
}

export const accountOrphans: OrphanReporter = {
  kind: "serviceAccount",
  report: async (intent, api) =>
    reportCandidates(intent, candidatesFor(intent, await listServiceAccounts(api, intent.parent))),
};

/** The accounts that `intent` may have created. */
const candidatesFor = (intent: Intent, accounts: readonly ServiceAccountBody[]): ServiceAccountBody[] =>
  accounts.filter((account) => isTwin(account, intent.label) && mayBeOf(intent, account));

const isTwin = (account: ServiceAccountBody, displayName: string): boolean =>
  account.displayName === displayName;

/**
 * The account with the name of `intent` that was created at the time of `intent`, and that nothing else accounts for.
 *
 * @throws Error if more than one account matches
 */
function theOne(accounts: readonly ServiceAccountBody[], intent: Intent) {
  const candidates = candidatesFor(intent, accounts);
  if (candidates.length > 1) {
    throw new Error(
      `the answer to the creation of "${intent.label}" in ${intent.parent} was lost, and ${candidates.map(({ name }) => name).join(" and ")} could be it: set adopt to the one that is yours, and delete what is nobody's`,
    );
  }
  return candidates[0];
}

const day = 24 * 3_600_000;

/**
 * Reports accounts of the same name that are less than a day old. Names need not be unique, but an interrupted run on
 * another machine may have created such an account: the journal of that run is not on this machine.
 */
function warnOfTwin(
  accounts: readonly ServiceAccountBody[],
  displayName: string,
  isStateKnown: boolean,
): void {
  for (const account of accounts) {
    const { name, email, createTime } = account;
    const isYoung = Date.parse(createTime) > serverNow() - day;
    if (!isTwin(account, displayName) || !isYoung || isAccountedFor(name)) continue;
    notice(
      `${name} (${email}) bears the name "${displayName}", too. If an interrupted run made it, take it over with adopt: "${idOf(name)}", or ${removalAdvice(name, isStateKnown)}`,
    );
  }
}

/** Changes the account to match the inputs, in one PATCH. Sends no request if nothing differs. */
export async function bringTo(
  inputs: Wanted,
  present: ServiceAccountBody,
  { api }: Session,
): Promise<ServiceAccountBody> {
  const { displayName, enableBasicAuth } = inputs;
  const changes = {
    ...(displayName === present.displayName ? {} : { displayName }),
    ...(enableBasicAuth === present.enableBasicAuth ? {} : { enableBasicAuth }),
  };
  if (Object.keys(changes).length === 0) return present;
  return api.patch(present.name, patchOf(changes)).then(parseAsNamed(present.name, ServiceAccountBody));
}
