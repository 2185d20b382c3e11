import { as, patchOf } from "./api/client.js";
import { find, idOf } from "./api/find.js";
import { notice } from "./api/notice.js";
import { announce } from "./api/newborn.js";
import { toServerTime } from "./api/serverClock.js";
import { listServiceAccounts, ServiceAccountBody } from "./api/serviceAccounts.js";
import { createOnce } from "./createOnce.js";
import {
  awaitOtherRuns,
  close,
  isAccountedFor,
  made,
  mayBeHeld,
  unfinished,
  type Intent,
} from "./journal.js";
import type { Session } from "./session.js";

/** How an account should be. */
interface Wanted {
  readonly project: string;
  readonly displayName: string;
  readonly enableBasicAuth: boolean;
}

/**
 * Creates an account, exactly one: what an interrupted run, or a POST without an answer, has made is found again.
 * An account has no mark but its display name, so where two could be meant that is said and nothing is done.
 */
export async function newServiceAccount(
  wanted: Wanted,
  urn: string,
  session: Session,
): Promise<ServiceAccountBody> {
  const { api, settings } = session;
  const { project, displayName, enableBasicAuth } = wanted;
  await awaitOtherRuns(urn);
  const accounts = await listServiceAccounts(api, project);
  const left = await fromEarlierRun(accounts, wanted, urn, session);
  if (left !== undefined) return left;
  warnOfTwin(accounts, displayName);

  const body = await createOnce({
    intent: { urn, apiUrl: settings.apiUrl, parent: project, before: accounts.map(({ name }) => name) },
    nameOf: ({ name }) => name,
    post: () =>
      api
        .post(`${project}/serviceaccounts`, { json: { displayName, enableBasicAuth } })
        .then(as(ServiceAccountBody)),
    look: async (intent) => theOne(await listServiceAccounts(api, project), intent, displayName),
  });
  announce(body.email);
  return bringTo(wanted, body, session);
}

async function fromEarlierRun(
  accounts: readonly ServiceAccountBody[],
  wanted: Wanted,
  urn: string,
  session: Session,
) {
  const { apiUrl } = session.settings;
  for (const intent of unfinished({ urn, apiUrl, parent: wanted.project })) {
    const name = intent.made;
    // Before a replacement the state holds one, and this may be it.
    const isFree = name !== undefined && !mayBeHeld(urn);
    const found =
      name === undefined
        ? theOne(accounts, intent, wanted.displayName)
        : isFree
          ? await find(session.api, name, ServiceAccountBody)
          : undefined;
    if (found === undefined) {
      close(intent);
      continue;
    }
    made(intent, found.name);
    notice(`found service account ${found.name} again, which an interrupted run had made`);
    return bringTo(wanted, found, session);
  }
  return undefined;
}

/** The account that came after `intent` was begun, bears the name, and is nobody else's. */
function theOne(accounts: readonly ServiceAccountBody[], { before, parent }: Intent, displayName: string) {
  const candidates = accounts.filter(
    (account) =>
      account.displayName === displayName && !before.includes(account.name) && !isAccountedFor(account.name),
  );
  if (candidates.length > 1) {
    throw new Error(
      `the answer to the creation of "${displayName}" in ${parent} was lost, and ${candidates.map(({ name }) => name).join(" and ")} could be it: set adopt to the one that is yours, and delete what is nobody's`,
    );
  }
  return candidates[0];
}

const day = 24 * 3_600_000;

/** Names need not be unique, but a young twin may be what an interrupted run made, on a machine whose journal is not here. */
function warnOfTwin(accounts: readonly ServiceAccountBody[], displayName: string): void {
  for (const { name, email, createTime, ...account } of accounts) {
    const isYoung = Date.parse(createTime) > toServerTime(Date.now()) - day;
    if (account.displayName !== displayName || !isYoung || isAccountedFor(name)) continue;
    notice(
      `${name} (${email}) bears the name "${displayName}", too. If an interrupted run made it, remove it, or take it over with adopt: "${idOf(name)}"`,
    );
  }
}

/** Sends what differs, in one PATCH; nothing when nothing does. */
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
  return api.patch(present.name, patchOf(changes)).then(as(ServiceAccountBody));
}
