import { as } from "./api/client.js";
import { find, parentOf, remove } from "./api/find.js";
import { announce } from "./api/newborn.js";
import { notice } from "./api/notice.js";
import { hide } from "./api/redact.js";
import { KeyBody, listKeys, ServiceAccountBody } from "./api/serviceAccounts.js";
import { guardKey, guardKeyChange } from "./guards.js";
import { optionalFlag, optionalText, serviceAccountName } from "./inputs.js";
import { newKey } from "./newKey.js";
import type { Resource } from "./resource.js";

export interface ServiceAccountKeyInputs {
  /** The account's id, `projects/P/serviceaccounts/S`. */
  readonly serviceAccount: string;
  /** Id of a key to take over. */
  readonly adopt?: string | undefined;
  /** The secret of the key that is taken over, where it is still known. */
  readonly secret?: string | undefined;
  readonly allowLockout?: true | undefined;
}

export interface ServiceAccountKeyOutputs {
  readonly keyId: string;
  /** Empty where it is not known: the API tells it once, to whom creates the key. */
  readonly secret: string;
  readonly email: string;
  readonly createTime: string;
}

export const serviceAccountKeyResource: Resource<ServiceAccountKeyInputs, ServiceAccountKeyOutputs> = {
  check: {
    serviceAccount: serviceAccountName,
    adopt: optionalText,
    secret: optionalText,
    allowLockout: optionalFlag,
  },
  onChange: { serviceAccount: "replace", adopt: "ignore", secret: "ignore", allowLockout: "update" },
  computed: "keyId",
  guardChange: guardKeyChange,

  async create(inputs, session, urn) {
    const { api } = session;
    const { serviceAccount, adopt } = inputs;
    const { email } = await api.get(serviceAccount).then(as(ServiceAccountBody));
    if (adopt !== undefined) {
      const found = (await listKeys(api, serviceAccount)).find(
        ({ id, name }) => adopt === id || adopt === name,
      );
      if (found === undefined) {
        throw new Error(
          `adopt: ${serviceAccount} has no key "${adopt}"; give the id of one that exists, or drop adopt to create one`,
        );
      }
      const secret = hide(inputs.secret ?? "");
      notice(
        `took over key ${found.name}${secret === "" ? "; its secret is not known, so `secret` stays empty" : ""}`,
      );
      return { id: found.name, outputs: toOutputs(found, secret, email) };
    }
    const { key, secret } = await newKey({ serviceAccount, urn }, session);
    return { id: key.name, outputs: toOutputs(key, secret, email) };
  },

  async read(id, state, { api }) {
    announce(id, state.createTime);
    hide(state.secret);
    const key = await find(api, id, KeyBody);
    if (key === undefined) return undefined;
    const serviceAccount = parentOf(id);
    // Only a look-up lacks the email; a refresh need not ask for what never changes.
    const email =
      (state.email as string | undefined) ??
      (await api.get(serviceAccount).then(as(ServiceAccountBody))).email;
    return { actual: { serviceAccount }, outputs: toOutputs(key, state.secret, email) };
  },

  update: (_id, { keyId, secret, email, createTime }) =>
    Promise.resolve({ keyId, secret, email, createTime }),

  async delete(id, state, { api, settings }) {
    guardKey(id, state, settings);
    await remove(api, id);
  },
};

const toOutputs = (
  { id, createTime }: KeyBody,
  secret: string | undefined,
  email: string,
): ServiceAccountKeyOutputs => ({
  keyId: id,
  secret: secret ?? "",
  email,
  createTime,
});
