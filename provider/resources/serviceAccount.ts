import { parseAs } from "../api/http/client.js";
import { canonicalEmail } from "../api/text/email.js";
import { find, idOf, parentOf, remove } from "../api/reads/find.js";
import { noteCreationTime } from "../api/http/recentlyCreated.js";
import { notice } from "../api/text/notice.js";
import { ServiceAccountBody } from "../api/bodies/serviceAccounts.js";
import { listServiceAccounts } from "../api/reads/accountLists.js";
import { ofHolder } from "../stack/renames.js";
import { holderOf } from "../stack/claims.js";
import { adoptedId, resolveAccountId } from "./importIds.js";
import { guardLogin, guardServiceAccount, guardServiceAccountChange } from "../guards/lockout.js";
import { displayName, flag, optionalFlag, optionalText, resourceName } from "../contract/inputs.js";
import { closeIntent, openIntentsOf } from "../recovery/journal.js";
import { bringTo, createServiceAccount } from "../accounts/createServiceAccount.js";
import { finishCreation, type Resource } from "../contract/resource.js";
import type { Session } from "../session/session.js";

export interface ServiceAccountInputs {
  readonly project: string;
  readonly displayName: string;
  readonly enableBasicAuth: boolean;
  /** Name, id or email of an account to adopt. */
  readonly adopt?: string | undefined;
  readonly allowLockout?: true | undefined;
}

export interface ServiceAccountOutputs {
  readonly email: string;
  readonly createTime: string;
  readonly updateTime: string;
}

export const serviceAccountResource: Resource<ServiceAccountInputs, ServiceAccountOutputs> = {
  check: {
    project: resourceName("projects"),
    displayName,
    enableBasicAuth: flag,
    adopt: optionalText,
    allowLockout: optionalFlag,
  },
  declares: ({ project, adopt }) => adopt && `${project}/serviceaccounts/${adoptedId(adopt)}`,
  onChange: {
    project: "replace",
    displayName: "update",
    enableBasicAuth: "update",
    adopt: "ignore",
    allowLockout: "update",
  },
  computed: "email",
  outputs: { email: "plain", createTime: "plain", updateTime: "plain" },
  moves: ({ changed }) => (changed.some((name) => name !== "allowLockout") ? ["updateTime"] : []),
  resolveId: resolveAccountId,
  guardChange: guardServiceAccountChange,
  // Memberships refer to the account by its email.
  holds: (id, { email }) => [id, email],

  async create(inputs, session, urn) {
    const { adopt } = inputs;
    if (adopt !== undefined) return createdFrom(await takeOver(adopt, inputs, urn, session));
    const body = await createServiceAccount(inputs, urn, session);
    return createdFrom(await finishCreation(createdFrom(body), () => bringTo(inputs, body, session)));
  },

  async announceAdoption(inputs, session) {
    if (inputs.adopt === undefined) return;
    const found = await findWanted(inputs.adopt, inputs.project, session);
    notice(
      `adopt: will adopt ${found.name} (${found.email}, "${found.displayName}")${describeChanges(found, inputs, "will change")}`,
    );
  },

  async read(id, state, { api }) {
    noteCreationTime(id, state.createTime);
    const body = await find(api, id, ServiceAccountBody);
    if (body === undefined) return undefined;
    const { displayName, enableBasicAuth } = body;
    return { actual: { project: parentOf(id), displayName, enableBasicAuth }, outputs: toOutputs(body) };
  },

  async update(id, state, inputs, session) {
    const present =
      state.incomplete === undefined
        ? { name: id, ...state }
        : await session.api.get(id).then(parseAs(ServiceAccountBody));
    return toOutputs(await bringTo(inputs, present, session));
  },

  async delete(id, state, session, isKept) {
    if (await isKept(id)) return;
    await guardServiceAccount(id, state, session);
    await remove(session.api, id);
  },
};

const createdFrom = (body: ServiceAccountBody) => ({ id: body.name, outputs: toOutputs(body) });

async function takeOver(wanted: string, inputs: ServiceAccountInputs, urn: string, session: Session) {
  const { project } = inputs;
  const found = await findWanted(wanted, project, session);
  await guardLogin(found.name, found, inputs, { settings: session.settings, open: () => session });
  const body = await bringTo(inputs, found, session);
  // With `adopt`, the user has decided which account to use. So the open intents of interrupted runs are settled.
  const { apiUrl } = session.settings;
  openIntentsOf({ urn, apiUrl, kind: "serviceAccount", parent: project }).forEach(closeIntent);
  notice(
    `adopted service account ${found.name} (${found.email}, "${found.displayName}")${describeChanges(found, inputs)}${ofHolder(await holderOf(found.name, urn), urn)}`,
  );
  return body;
}

async function findWanted(wanted: string, project: string, { api }: Session): Promise<ServiceAccountBody> {
  const accounts = await listServiceAccounts(api, project);
  const found = accounts.find(({ name, email }) =>
    [name, idOf(name), canonicalEmail(email)].includes(canonicalEmail(wanted)),
  );
  if (found !== undefined) return found;
  throw new Error(
    `adopt: ${project} has no service account "${wanted}"; give the name or email of one that exists, or drop adopt to create one`,
  );
}

function describeChanges(
  present: ServiceAccountBody,
  { displayName, enableBasicAuth }: ServiceAccountInputs,
  verb = "changed",
): string {
  const changes = [
    displayName === present.displayName ? "" : `displayName "${present.displayName}" to "${displayName}"`,
    enableBasicAuth === present.enableBasicAuth ? "" : `enableBasicAuth to ${String(enableBasicAuth)}`,
  ].filter((change) => change !== "");
  return changes.length === 0 ? "" : `, and ${verb} ${changes.join(" and ")}`;
}

const toOutputs = ({ email, createTime, updateTime }: ServiceAccountBody): ServiceAccountOutputs => ({
  email,
  createTime,
  updateTime,
});
