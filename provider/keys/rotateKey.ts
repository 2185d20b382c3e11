import { find, parentOf, remove } from "../api/reads/find.js";
import { noteCreationTime } from "../api/http/recentlyCreated.js";
import { notice } from "../api/text/notice.js";
import { KeyBody } from "../api/bodies/serviceAccounts.js";
import type { Settings } from "../api/http/settings.js";
import { milliseconds } from "../contract/duration.js";
import { probeLogin } from "./probeLogin.js";
import { isKeyHeldElsewhere } from "./keyHeldElsewhere.js";
import { keyName, keyOutputs, withoutPrevious, type KeyOutputs } from "./keyOutputs.js";
import { isPreviousInUse, whyPreviousStays } from "./keyInUse.js";
import { createKey } from "./createKey.js";
import { Incomplete, type Common } from "../contract/resource.js";
import { dependsOnDate, farFrom, whatIsDue, type Due, type Schedule } from "./schedule.js";
import { decisionDate, type Session } from "../session/session.js";

export interface Wanted extends Schedule {
  /**
   * Who deletes the previous key. `automatic`: this resource. `afterDelivery` and `atOnce`: another resource, after the
   * delivery or directly after the new key is recorded.
   */
  readonly retirement: "automatic" | "afterDelivery" | "atOnce";
  readonly allowLockout?: true | undefined;
}

interface Rotation {
  readonly id: string;
  readonly state: KeyOutputs & Schedule & Common;
  readonly inputs: Wanted;
  readonly session: Session;
  readonly urn: string;
}

interface DueHere extends Due {
  /** Why the previous key stays, although its deletion is due. */
  readonly kept?: string;
}

/**
 * Decides what is due now. Leaves out the deletion of a key that this run logs in with, or that another resource
 * retires.
 *
 * @param date gets the date that decides; called only if the date matters
 */
export async function whatIsDueFor(
  state: KeyOutputs & Schedule,
  inputs: Wanted,
  settings: Settings,
  date: () => Promise<Date>,
): Promise<DueHere> {
  const { rotateAfter } = state;
  // States of versions without rotation lack its outputs.
  const outputs = keyOutputs({ rotateAfter, overlap: inputs.overlap }, state, settings);
  const asOf = dependsOnDate(outputs) ? await date() : new Date(0);
  const { retire, ...due } = whatIsDue({ ...state, ...outputs }, inputs, asOf);
  if (retire === undefined || inputs.retirement !== "automatic") return due;
  return isPreviousInUse(outputs, inputs, settings)
    ? { ...due, kept: whyPreviousStays(outputs) }
    : { ...due, retire };
}

/**
 * Takes the next steps of a rotation: stable(current) -> new key created -> new key has logged in ->
 * overlap(current, previous) -> previous key deleted -> stable.
 *
 * At every moment, at least one key in Pulumi's state works. So the update that creates a key never deletes its
 * predecessor: nobody else has the new secret until the engine has recorded it. After an interruption at any point, the
 * next update continues from the state and the cloud.
 *
 * @throws Incomplete if the new key can't log in, or if the previous key can't be deleted yet
 */
export async function rotateKey({ id, state, inputs, session, urn }: Rotation): Promise<KeyOutputs> {
  const { api, settings } = session;
  const serviceAccount = parentOf(id);
  const date = () => decisionDate(settings, () => session);
  let due = await whatIsDueFor(state, inputs, settings, date);
  let now = keyOutputs(inputs, state, settings);
  if (due.rotate === undefined && due.retire === undefined && state.incomplete === undefined) return now;

  /** The old triggers, until the new key exists. So a failed rotation is tried again. */
  let { rotationTriggers } = state;
  const unfinished = (reason: string) =>
    new Incomplete({ id, outputs: { ...now, rotationTriggers } }, reason);

  if (!(await exists(now.previousKeyId))) now = withoutPrevious(now);
  noteCreationTime(keyName(serviceAccount, now.keyId), now.createTime);
  let hasCurrent = await exists(now.keyId);
  // The API has answered by now, so the server's time is known for certain.
  due = await whatIsDueFor(state, inputs, settings, date);
  const reason = hasCurrent ? due.rotate : `key ${now.keyId} no longer exists`;
  if (hasCurrent && now.isUnproven === true) {
    // The update that created this key failed, so nobody else has switched to it. If another rotation is due, delete
    // the key, and create a new successor to its predecessor. Keep the key if this run logs in with it.
    const isOurs = now.keyId === settings.keyId;
    const isPassedOver = due.rotate !== undefined && now.previousKeyId !== "" && !isOurs;
    if (isPassedOver || !(await logsIn())) {
      if (due.rotate === undefined || isOurs) throw unfinished(whyUnproven());
      await remove(api, keyName(serviceAccount, now.keyId));
      hasCurrent = false;
    }
  }

  if (reason === undefined) {
    if (await isPreviousDue()) await deletePrevious();
    return now;
  }
  // Keep at most two keys: delete the previous one before a third. Keep it if it is the only one left.
  if (hasCurrent && now.previousKeyId !== "") {
    if (inputs.retirement === "afterDelivery") return waiting(reason);
    if (isPreviousInUse(now, inputs, settings))
      throw unfinished(`the rotation waits: ${whyPreviousStays(now)}`);
    await deletePrevious();
  }
  await mint(reason);
  if (!(await logsIn())) throw unfinished(whyUnproven());
  if (milliseconds(inputs.overlap) === 0 && inputs.retirement === "automatic" && now.previousKeyId !== "") {
    notice(`the next \`pulumi up\` deletes key ${now.previousKeyId}, now that ${now.keyId} is recorded`);
  }
  return now;

  async function exists(keyId: string): Promise<boolean> {
    return keyId !== "" && (await find(api, keyName(serviceAccount, keyId), KeyBody)) !== undefined;
  }

  /** Decides from the current outputs: if the key has only just logged in, its overlap starts now. */
  async function isPreviousDue(): Promise<boolean> {
    return (await whatIsDueFor({ ...state, ...now }, inputs, settings, date)).retire !== undefined;
  }

  async function mint(why: string): Promise<void> {
    const { key, secret } = await createKey({ serviceAccount, urn }, session);
    const { id: keyId, createTime } = key;
    const mintedAsOf = farFrom(createTime, await date());
    const old = hasCurrent ? now : { keyId: now.previousKeyId, secret: now.previousSecret };
    const { email, generation } = now;
    const made = { keyId, secret, email, createTime, isUnproven: true } as const;
    now = keyOutputs(
      inputs,
      {
        ...made,
        mintedAsOf,
        previousKeyId: old.keyId,
        previousSecret: old.secret,
        generation: generation + 1,
      },
      settings,
    );
    ({ rotationTriggers } = inputs);
    notice(
      `${serviceAccount}: created key ${keyId}${old.keyId === "" ? "" : ` to replace ${old.keyId}`}: ${why}`,
    );
  }

  /** Whether the current key can log in. If that is unknown, throws `Incomplete`, so that Pulumi records both keys. */
  async function logsIn(): Promise<boolean> {
    const { keyId, secret: keySecret, email, createTime, mintedAsOf = createTime } = now;
    const works = await probeLogin({ ...settings, keyId, keySecret, email }).catch((error: unknown) => {
      throw unfinished(`whether key ${keyId} logs in is not known: ${(error as Error).message}`);
    });
    if (!works) return false;
    const provenAsOf = farFrom(mintedAsOf, await date());
    now = keyOutputs(inputs, { ...now, provenAsOf, isUnproven: undefined }, settings);
    // This run logs in with the previous key. From here on, it uses the new one.
    if (now.previousKeyId === settings.keyId) session.useKey({ keyId, keySecret });
    return true;
  }

  function whyUnproven(): string {
    const { keyId, previousKeyId } = now;
    const meanwhile = previousKeyId === "" ? "" : `, so ${previousKeyId} keeps working`;
    return `key ${keyId} does not log in${meanwhile}; the next update tries again; change a rotation trigger to create another key`;
  }

  /** Does not throw: a failure would stop the run before the resource that confirms the delivery. */
  function waiting(why: string): KeyOutputs {
    const incomplete = `the rotation waits until key ${now.previousKeyId} is gone, and the delivery of ${now.keyId} confirmed: ${why}. The next \`pulumi up\` after that makes the new key`;
    notice(incomplete);
    const outputs = { ...now, rotationTriggers, rotationWaits: true, incomplete } as const;
    return outputs;
  }

  async function deletePrevious(): Promise<void> {
    const { previousKeyId } = now;
    const name = keyName(serviceAccount, previousKeyId);
    try {
      if (!(await isKeyHeldElsewhere(name, urn))) await remove(api, name);
    } catch (error) {
      throw unfinished(`the previous key ${previousKeyId} could not be deleted: ${(error as Error).message}`);
    }
    now = withoutPrevious(now);
  }
}
