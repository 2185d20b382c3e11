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
  /** Who deletes the previous key: this resource, or another one, after delivery or right after the new key is recorded. */
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
  /** Why the previous key stays although its time has come. */
  readonly kept?: string;
}

/**
 * What is due, less what must wait: the key that this run logs in with, and what another resource retires.
 *
 * @param date tells the date that decides; asked only where it has a say
 */
export async function whatIsDueFor(
  state: KeyOutputs & Schedule,
  inputs: Wanted,
  settings: Settings,
  date: () => Promise<Date>,
): Promise<DueHere> {
  const { rotateAfter } = state;
  // A state of before rotation has none of its outputs.
  const outputs = keyOutputs({ rotateAfter, overlap: inputs.overlap }, state, settings);
  const asOf = dependsOnDate(outputs) ? await date() : new Date(0);
  const { retire, ...due } = whatIsDue({ ...state, ...outputs }, inputs, asOf);
  if (retire === undefined || inputs.retirement !== "automatic") return due;
  return isPreviousInUse(outputs, inputs, settings)
    ? { ...due, kept: whyPreviousStays(outputs) }
    : { ...due, retire };
}

/**
 * Brings the keys to where they should be: stable(current) -> minted -> the new one has logged in -> overlap(current, previous)
 * -> the previous one deleted -> stable.
 *
 * At every moment a key that Pulumi's state knows works, so the update that makes a key never deletes the one before: until the
 * engine has recorded the new secret, nobody else has it. Interrupted anywhere, the next update goes on from what the state and the
 * cloud say.
 */
export async function rotateKey({ id, state, inputs, session, urn }: Rotation): Promise<KeyOutputs> {
  const { api, settings } = session;
  const serviceAccount = parentOf(id);
  const date = () => decisionDate(settings, () => session);
  let due = await whatIsDueFor(state, inputs, settings, date);
  let now = keyOutputs(inputs, state, settings);
  if (due.rotate === undefined && due.retire === undefined && state.incomplete === undefined) return now;

  /** A trigger counts as pulled only once its key is made. */
  let { rotationTriggers } = state;
  const unfinished = (reason: string) =>
    new Incomplete({ id, outputs: { ...now, rotationTriggers } }, reason);

  if (!(await exists(now.previousKeyId))) now = withoutPrevious(now);
  noteCreationTime(keyName(serviceAccount, now.keyId), now.createTime);
  let hasCurrent = await exists(now.keyId);
  // By now the API has answered, so its time is known for certain.
  due = await whatIsDueFor(state, inputs, settings, date);
  const reason = hasCurrent ? due.rotate : `key ${now.keyId} no longer exists`;
  if (hasCurrent && now.isUnproven === true) {
    // The update that made it failed, so nobody has moved over to it, unless we have: then it is followed by nothing, and its
    // predecessor by another.
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
  // At most two keys of ours: a third needs the previous one gone, if it is not the only one left.
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

  /** By what is known now: a key that has only just logged in has its whole overlap before it. */
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

  /** Whatever happens here, both keys are recorded. */
  async function logsIn(): Promise<boolean> {
    const { keyId, secret: keySecret, email, createTime, mintedAsOf = createTime } = now;
    const works = await probeLogin({ ...settings, keyId, keySecret, email }).catch((error: unknown) => {
      throw unfinished(`whether key ${keyId} logs in is not known: ${(error as Error).message}`);
    });
    if (!works) return false;
    const provenAsOf = farFrom(mintedAsOf, await date());
    now = keyOutputs(inputs, { ...now, provenAsOf, isUnproven: undefined }, settings);
    // Our own key is being followed: the rest of this run goes on with its successor.
    if (now.previousKeyId === settings.keyId) session.useKey({ keyId, keySecret });
    return true;
  }

  function whyUnproven(): string {
    const { keyId, previousKeyId } = now;
    const meanwhile = previousKeyId === "" ? "" : `, so ${previousKeyId} keeps working`;
    return `key ${keyId} does not log in${meanwhile}; the next update tries again; change a rotation trigger to create another key`;
  }

  /** Who confirms the delivery comes after us in the same run, so this is no failure: it would keep them from it. */
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
