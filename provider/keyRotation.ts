import { setTimeout } from "node:timers/promises";
import { parentOf, remove } from "./api/find.js";
import { canLogIn } from "./api/login.js";
import { notice } from "./api/notice.js";
import { listKeys, type KeyBody } from "./api/serviceAccounts.js";
import { asOfOf, type Settings } from "./api/settings.js";
import { milliseconds } from "./duration.js";
import { keyOutputs, type KeyOutputs } from "./keyOutputs.js";
import { newKey } from "./newKey.js";
import { Incomplete, type Common } from "./resource.js";
import { rehearsalDate, whatIsDue, type Due, type Schedule } from "./rotation.js";
import type { Session } from "./session.js";

interface Wanted extends Schedule {
  readonly retirement: "automatic" | "afterDelivery";
  readonly allowLockout?: true | undefined;
}

interface Rotation {
  readonly id: string;
  readonly state: KeyOutputs & Schedule & Common;
  readonly inputs: Wanted;
  readonly session: Session;
  readonly urn: string;
}

/** What is due, less what must wait: the key that this run logs in with, and what another resource retires after delivery. */
export function whatIsDueFor(state: KeyOutputs & Schedule, inputs: Wanted, settings: Settings): Due {
  const { rotate, retire } = whatIsDue(withDefaults(state, settings), inputs, asOfOf(settings));
  const isKept = inputs.retirement === "afterDelivery" || isInUse(state.previousKeyId, inputs, settings);
  return {
    ...(rotate === undefined ? {} : { rotate }),
    ...(retire === undefined || isKept ? {} : { retire }),
  };
}

const isInUse = (keyId: string, { allowLockout }: Wanted, settings: Settings): boolean =>
  keyId === settings.keyId && allowLockout !== true;

/** A state of before rotation has none of its outputs. */
const withDefaults = (state: KeyOutputs & Schedule, settings: Settings) => ({
  ...state,
  ...keyOutputs(state, state, settings),
});

/**
 * Brings the keys to where they should be: stable(current) -> minted -> the new one has logged in -> overlap(current, previous)
 * -> the previous one deleted -> stable. At every moment a key that the state knows works: the old one goes only after the new one
 * has logged in. Interrupted anywhere, the next update goes on from what the state and the cloud say.
 */
export async function rotate({ id, state, inputs, session, urn }: Rotation): Promise<KeyOutputs> {
  const { api, settings } = session;
  const serviceAccount = parentOf(id);
  let switchLogin: () => void = () => undefined;
  /** A trigger counts as pulled only once its key is made. */
  let { rotationTriggers } = state;
  const recorded = () => ({ id, outputs: { ...now, rotationTriggers } });
  let now = keyOutputs(inputs, state, settings);
  const due = whatIsDueFor(state, inputs, settings);
  if (due.rotate === undefined && due.retire === undefined && state.incomplete === undefined) return now;

  const keys = await listKeys(api, serviceAccount);
  if (!has(keys, now.previousKeyId)) now = withoutPrevious(now);
  if (state.incomplete !== undefined && now.previousKeyId !== "" && has(keys, now.keyId)) await proveLogin();

  const reason = has(keys, now.keyId) ? due.rotate : `key ${now.keyId} does not exist any more`;
  if (reason !== undefined) {
    await makeRoom();
    await mint(reason);
    await proveLogin();
  }
  if (reason === undefined ? due.retire !== undefined : milliseconds(inputs.overlap) === 0) await retire();
  return now;

  /** At most two keys of ours: a third needs the previous one gone, if it is not the only one left. */
  async function makeRoom(): Promise<void> {
    if (now.previousKeyId === "" || !has(keys, now.keyId)) return;
    if (inputs.retirement === "afterDelivery") {
      throw new Incomplete(
        recorded(),
        `the rotation waits: key ${now.previousKeyId} is kept until the delivery of ${now.keyId} is confirmed`,
      );
    }
    if (isInUse(now.previousKeyId, inputs, settings)) {
      throw new Incomplete(recorded(), `the rotation waits: ${whyKept()}`);
    }
    await deletePrevious();
  }

  async function mint(why: string): Promise<void> {
    const { key, secret } = await newKey({ serviceAccount, urn }, session);
    const old = has(keys, now.keyId) ? now : { keyId: now.previousKeyId, secret: now.previousSecret };
    const isOurLogin = old.keyId === settings.keyId;
    now = keyOutputs(
      inputs,
      {
        ...now,
        keyId: key.id,
        secret,
        createTime: key.createTime,
        mintedAsOf: rehearsalDate(key.createTime, asOfOf(settings)),
        previousKeyId: old.keyId,
        previousSecret: old.secret,
        generation: now.generation + 1,
      },
      settings,
    );
    rotationTriggers = inputs.rotationTriggers;
    notice(`${serviceAccount}: made key ${key.id} to follow ${old.keyId}, since ${why}`);
    if (isOurLogin) switchLogin = () => session.useKey({ keyId: key.id, keySecret: secret });
  }

  /** Whatever happens from here, both keys are recorded. */
  async function proveLogin(): Promise<void> {
    const { keyId, secret: keySecret, email } = now;
    if (settings.tokenEndpoint === "" || keySecret === "") return;
    try {
      for (const wait of patience) {
        if (await canLogIn({ ...settings, keyId, keySecret, email })) {
          switchLogin();
          return;
        }
        await setTimeout(wait);
      }
    } catch (error) {
      throw new Incomplete(
        recorded(),
        `whether key ${keyId} logs in is not known: ${(error as Error).message}`,
      );
    }
    throw new Incomplete(
      recorded(),
      `key ${keyId} does not log in, so ${now.previousKeyId} goes on working; the next update tries again`,
    );
  }

  async function retire(): Promise<void> {
    if (now.previousKeyId === "" || inputs.retirement === "afterDelivery") return;
    if (isInUse(now.previousKeyId, inputs, settings)) {
      notice(whyKept());
      return;
    }
    await deletePrevious();
  }

  async function deletePrevious(): Promise<void> {
    try {
      await remove(api, `${serviceAccount}/keys/${now.previousKeyId}`);
    } catch (error) {
      throw new Incomplete(
        recorded(),
        `the previous key ${now.previousKeyId} could not be deleted: ${(error as Error).message}`,
      );
    }
    now = withoutPrevious(now);
  }

  function whyKept(): string {
    return `key ${now.previousKeyId} is due to be deleted, but this run logs in with it: give DT_API_KEY_ID and DT_API_KEY_SECRET (or dt:keyId and dt:keySecret) the successor ${now.keyId}`;
  }
}

/** How long a new key may take until it logs in, in milliseconds between tries. */
const patience = [1000, 2000, 4000, 8000];

const has = (keys: readonly KeyBody[], keyId: string): boolean => keys.some(({ id }) => id === keyId);

const withoutPrevious = (outputs: KeyOutputs): KeyOutputs => ({
  ...outputs,
  previousKeyId: "",
  previousSecret: "",
  retireAt: "",
});
