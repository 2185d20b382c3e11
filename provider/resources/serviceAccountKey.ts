import { parseAs } from "../api/http/client.js";
import { find, idOf, parentOf, remove } from "../api/reads/find.js";
import { noteCreation } from "../api/http/recentlyCreated.js";
import { notice } from "../api/text/notice.js";
import { registerSecret } from "../api/text/redact.js";
import { KeyBody, ServiceAccountBody } from "../api/bodies/serviceAccounts.js";
import { listKeys } from "../api/reads/accountLists.js";
import type { Settings } from "../api/http/settings.js";
import { ofHolder } from "../stack/renames.js";
import { holderOf, type Holder } from "../stack/claims.js";
import { milliseconds } from "../contract/duration.js";
import { guardKey, guardKeyChange } from "../guards/lockout.js";
import {
  duration,
  oneOf,
  optionalDuration,
  optionalFlag,
  optionalText,
  optionalTextMap,
  serviceAccountName,
} from "../contract/inputs.js";
import { probeLogin } from "../keys/probeLogin.js";
import { firstKey, keyName, keyOutputs, withoutPrevious, type KeyOutputs } from "../keys/keyOutputs.js";
import { movedByRemoval, movedByRotation, movedOutputs } from "../keys/movedOutputs.js";
import { adoptedId, resolveKeyId } from "./importIds.js";
import { rotateKey, whatIsDueFor, type Wanted } from "../keys/rotateKey.js";
import { createKey } from "../keys/createKey.js";
import { Incomplete, type Resource } from "../contract/resource.js";
import { decisionDate } from "../session/session.js";

export interface ServiceAccountKeyInputs extends Wanted {
  /** The account's id, `projects/P/serviceaccounts/S`. */
  readonly serviceAccount: string;
  /** Id of a key to adopt. */
  readonly adopt?: string | undefined;
  /** The secret of the adopted key, if it is still known. */
  readonly secret?: string | undefined;
}

export const serviceAccountKeyResource: Resource<ServiceAccountKeyInputs, KeyOutputs> = {
  check: {
    serviceAccount: serviceAccountName,
    rotationTriggers: optionalTextMap,
    rotateAfter: optionalDuration,
    overlap: duration("24h"),
    retirement: oneOf("automatic", "afterDelivery", "atOnce"),
    adopt: optionalText,
    secret: optionalText,
    allowLockout: optionalFlag,
  },
  checkTogether({ rotateAfter, overlap }) {
    const isNonsense = rotateAfter !== undefined && milliseconds(overlap) >= milliseconds(rotateAfter);
    return isNonsense
      ? `overlap must be shorter than rotateAfter, unlike ${overlap} and ${rotateAfter}: the next rotation would cut it short`
      : undefined;
  },
  declares: ({ serviceAccount, adopt }) => adopt && keyName(serviceAccount, adoptedId(adopt)),
  onChange: {
    serviceAccount: "replace",
    rotationTriggers: "update",
    rotateAfter: "update",
    overlap: "update",
    retirement: "update",
    adopt: "ignore",
    secret: "ignore",
    allowLockout: "update",
  },
  sameEffect: {
    // Both leave the previous key to a `KeyRetirement`. They differ only when a key is created.
    retirement: (old, present) => [old, present].every((who) => who === "afterDelivery" || who === "atOnce"),
  },
  computed: "keyId",
  outputs: {
    ...{ keyId: "plain", secret: "secret", email: "plain", createTime: "plain", credentials: "secret" },
    ...{ previousKeyId: "plain", previousSecret: "secret", generation: "plain" },
    ...{ rotateAt: "plain", retireAt: "plain", rotationWaits: "plain" },
  },
  moves: movedOutputs,
  resolveId: resolveKeyId,
  guardChange: guardKeyChange,
  holds: (id, state) => namesOf(parentOf(id), state),

  async whatIsDue({ id, state, inputs, settings, date }) {
    const { rotate, retire, kept } = await whatIsDueFor(state, inputs, settings, date);
    if (kept !== undefined) notice(kept);
    const reasons = [
      rotate === undefined ? "" : `key ${state.keyId} is replaced: ${rotate}`,
      retire === undefined ? "" : `key ${state.previousKeyId} (the previous key) is deleted: ${retire}`,
    ].filter((reason) => reason !== "");
    if (reasons.length === 0) return undefined;
    return {
      reason: `${parentOf(id)}: ${reasons.join("; ")}`,
      moves: rotate === undefined ? movedByRemoval : movedByRotation,
    };
  },

  async create(inputs, session, urn) {
    const { serviceAccount, adopt } = inputs;
    const { api, settings } = session;
    const { email } = await api.get(serviceAccount).then(parseAs(ServiceAccountBody));
    if (adopt === undefined) {
      const { key, secret } = await createKey({ serviceAccount, urn }, session);
      const madeAt = await decisionDate(settings, () => session);
      const outputs = firstKey(key, secret, email, inputs, settings, madeAt);
      if (inputs.retirement === "afterDelivery") await awaitLogin(key.name, outputs, settings);
      return { id: key.name, outputs };
    }
    const keys = await listKeys(api, serviceAccount);
    const found = keyNamed(adopt, keys, serviceAccount);
    const secret = registerSecret(inputs.secret ?? "");
    if (secret === "" && inputs.retirement === "afterDelivery") {
      throw new Error(
        `adopt: key ${found.id} can't be delivered without its secret: give \`secret\`, or drop adopt to deliver a new key, and delete that one once nobody uses it`,
      );
    }
    const holder = await holderOf(found.name, urn);
    const isSecretLost =
      secret === "" ? "; its secret is not known, so `secret` stays empty until the first rotation" : "";
    notice(`adopted key ${found.name}${isSecretLost}${ofHolder(holder, urn)}`);
    const outputs = firstKey(found, secret, email, inputs, settings);
    return { id: found.name, outputs: withPreviousOf(holder, outputs, keys, inputs, settings) };
  },

  async announceAdoption({ serviceAccount, adopt }, { api }) {
    if (adopt === undefined) return;
    const { name } = keyNamed(adopt, await listKeys(api, serviceAccount), serviceAccount);
    notice(`adopt: will adopt key ${name}`);
  },

  async read(id, state, { api, settings }) {
    const serviceAccount = parentOf(id);
    const held = state.keyId as string | undefined;
    const outputs = held === undefined ? await lookUp(id) : keyOutputs(state, state, settings);
    const { keyId, previousKeyId } = outputs;
    registerSecret(outputs.secret);
    registerSecret(outputs.previousSecret);
    noteCreation(keyName(serviceAccount, keyId), outputs.createTime);
    const key = await find(api, keyName(serviceAccount, keyId), KeyBody);
    const hasPrevious =
      previousKeyId !== "" &&
      (await find(api, keyName(serviceAccount, previousKeyId), KeyBody)) !== undefined;
    if (key === undefined && !hasPrevious) return undefined;
    const rotationWaits = (state as Partial<KeyOutputs>).rotationWaits ?? false;
    return {
      actual: { serviceAccount },
      outputs: { ...(hasPrevious ? outputs : withoutPrevious(outputs)), rotationWaits },
      // The resource continues with its previous key. The next update creates a successor.
      ...(key === undefined ? { incomplete: `key ${keyId} no longer exists` } : {}),
    };

    async function lookUp(name: string): Promise<KeyOutputs> {
      const { email } = await api.get(serviceAccount).then(parseAs(ServiceAccountBody));
      const body = await api.get(name).then(parseAs(KeyBody));
      return firstKey({ ...body, id: idOf(name) }, "", email, state, settings);
    }
  },

  update: (id, state, inputs, session, urn) => rotateKey({ id, state, inputs, session, urn }),

  async delete(id, state, { api, settings }, isKept) {
    const leaving: string[] = [];
    for (const name of namesOf(parentOf(id), state)) if (!(await isKept(name))) leaving.push(name);
    for (const name of leaving) guardKey(name, state, settings);
    // Delete the previous key first. If this is interrupted, the key in use is left.
    for (const name of leaving.reverse()) await remove(api, name);
  },
};

function keyNamed(adopt: string, keys: readonly KeyBody[], serviceAccount: string): KeyBody {
  const found = keys.find(({ id, name }) => adopt === id || adopt === name);
  if (found !== undefined) return found;
  throw new Error(
    `adopt: ${serviceAccount} has no key "${adopt}"; give the id of one that exists, or drop adopt to create one`,
  );
}

/** If a key moves to another resource during an overlap, its previous key moves, too. */
function withPreviousOf(
  holder: Holder | undefined,
  outputs: KeyOutputs,
  keys: readonly KeyBody[],
  inputs: ServiceAccountKeyInputs,
  settings: Settings,
): KeyOutputs {
  const {
    keyId,
    previousKeyId = "",
    mintedAsOf,
    provenAsOf,
    generation = 1,
  } = (holder?.outputs ?? {}) as Partial<KeyOutputs>;
  if (keyId !== outputs.keyId || !keys.some(({ id }) => id === previousKeyId)) return outputs;
  return keyOutputs(inputs, { ...outputs, previousKeyId, mintedAsOf, provenAsOf, generation }, settings);
}

/**
 * Waits until a new key can log in: the system that gets the key may use it at once.
 *
 * @throws Incomplete if the key does not log in
 */
async function awaitLogin(id: string, outputs: KeyOutputs, settings: Settings): Promise<void> {
  const { keyId, secret: keySecret, email } = outputs;
  const works = await probeLogin({ ...settings, keyId, keySecret, email }).catch(() => false);
  if (works) return;
  const reason = `key ${keyId} does not log in yet; the next update tries again`;
  throw new Incomplete({ id, outputs: { ...outputs, isUnproven: true as const } }, reason);
}

/**
 * The API names of the current key, and of the previous one if there is one. States of old versions have no previous
 * key.
 */
function namesOf(
  serviceAccount: string,
  { keyId, previousKeyId }: Pick<KeyOutputs, "keyId" | "previousKeyId">,
): string[] {
  const ids = [keyId, previousKeyId].filter((id: string | undefined) => id !== undefined && id !== "");
  return ids.map((id) => keyName(serviceAccount, id));
}
