import * as v from "valibot";
import { parseAs, parseAsNamed, patchOf } from "../api/http/client.js";
import { find, idOf, parentOf } from "../api/reads/find.js";
import { notice } from "../api/text/notice.js";
import { noteCreation } from "../api/http/recentlyCreated.js";
import { serverNow } from "../api/http/serverClock.js";
import { ServiceAccountBody } from "../api/bodies/serviceAccounts.js";
import { listServiceAccounts } from "../api/reads/accountLists.js";
import { createNamed, namedOrphans, type NamedKind } from "../recovery/createNamed.js";
import { isAccountedFor } from "../recovery/journal.js";
import { removalAdvice } from "../recovery/removalAdvice.js";
import type { Session } from "../session/session.js";

/** The account that the program declares. */
interface Wanted {
  readonly project: string;
  readonly displayName: string;
  readonly enableBasicAuth: boolean;
}

const accounts: NamedKind<ServiceAccountBody> = {
  kind: "serviceAccount",
  noun: "service account",
  list: listServiceAccounts,
  find: (api, name) => find(api, name, ServiceAccountBody),
  createTimeOf: ({ createTime }) => createTime,
};

export const accountOrphans = namedOrphans(accounts);

/**
 * Creates exactly one account: see {@link createNamed}.
 *
 * @returns the account; one that was found again may still differ from the declared one
 */
export async function createServiceAccount(
  { project, displayName, enableBasicAuth }: Wanted,
  urn: string,
  session: Session,
): Promise<ServiceAccountBody> {
  const InProject = v.pipe(
    ServiceAccountBody,
    v.check(({ name }) => parentOf(name) === project),
  );
  const creation = {
    parent: project,
    displayName,
    post: () =>
      session.api
        .post(`${project}/serviceaccounts`, { json: { displayName, enableBasicAuth } })
        .then(parseAs(InProject)),
    meetNamesakes: warnOfNamesakes,
  };
  const body = await createNamed(accounts, creation, urn, session);
  noteCreation(body.email);
  return body;
}

const day = 24 * 3_600_000;

/**
 * Reports accounts of the same name that are less than a day old. Names need not be unique, but an interrupted run on
 * another machine may have created such an account: the journal of that run is not on this machine.
 */
function warnOfNamesakes(namesakes: readonly ServiceAccountBody[], isStateKnown: boolean): void {
  for (const { name, email, displayName, createTime } of namesakes) {
    const isYoung = Date.parse(createTime) > serverNow() - day;
    if (!isYoung || isAccountedFor(name)) continue;
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
