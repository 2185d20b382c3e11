import { find, remove } from "../api/reads/find.js";
import { noteFound } from "../api/http/recentlyCreated.js";
import { notice } from "../api/text/notice.js";
import { serverNow } from "../api/http/serverClock.js";
import { KeyBody } from "../api/bodies/serviceAccounts.js";
import { evidenceIsMissing, evidenceOf, keyIds, whyUnconfirmed } from "../keys/deliveryEvidence.js";
import { duration, optionalFlag, requiredText, resourceId, serviceAccountName } from "../contract/inputs.js";
import { isKeyHeldElsewhere } from "../keys/keyHeldElsewhere.js";
import { keyName } from "../keys/keyOutputs.js";
import { isPreviousInUse, whyPreviousStays } from "../keys/keyInUse.js";
import type { Resource } from "../contract/resource.js";
import { endOfOverlap, farFrom, retirementOf } from "../keys/schedule.js";
import { decisionDate, type Session } from "../session/session.js";

/** The outputs of a key, and what tells that it was delivered. */
export interface KeyRetirementInputs {
  readonly serviceAccount: string;
  readonly keyId: string;
  readonly createTime: string;
  readonly previousKeyId: string;
  readonly overlap: string;
  /**
   * The key that each delivery has, as the state of the delivery tells; empty where that is unknown. Without this input a delivery
   * counts as done when the engine comes to this resource, which `--target` and `--exclude` also lead to.
   */
  readonly deliveredKeyIds?: readonly string[] | undefined;
  /** A further rotation waits, so that the previous key goes now. */
  readonly rotationWaits?: true | undefined;
  readonly allowLockout?: true | undefined;
}

export interface KeyRetirementOutputs {
  /** The key whose delivery was confirmed last; empty where none was. States of earlier versions have none. */
  readonly confirmedKeyId?: string | undefined;
  /** By which date the delivery was confirmed, where that was much later than the key's creation. */
  readonly deliveredAsOf?: string | undefined;
  /** When the previous key is deleted; RFC 3339, UTC; empty where there is none, and while the delivery is not confirmed. */
  readonly retireAt: string;
  /** The key that was deleted last; empty where none was. */
  readonly retiredKeyId: string;
  /** Asks for an update although nothing has changed, as `Common` says. */
  readonly incomplete?: string;
}

/** Deletes the key before, once its successor has been delivered and the overlap is over. Nothing of its own in the cloud. */
export const keyRetirementResource: Resource<KeyRetirementInputs, KeyRetirementOutputs> = {
  check: {
    serviceAccount: serviceAccountName,
    keyId: resourceId,
    createTime: requiredText,
    previousKeyId: (value = "") => (value === "" ? "" : resourceId(value)),
    overlap: duration("24h"),
    deliveredKeyIds: keyIds,
    rotationWaits: optionalFlag,
    allowLockout: optionalFlag,
  },
  onChange: {
    serviceAccount: "update",
    // Another key was delivered: that is written down.
    keyId: "update",
    overlap: "update",
    // These only matter when something is due; the previous key vanishes from the inputs once it is known to be gone.
    createTime: "ignore",
    previousKeyId: "ignore",
    deliveredKeyIds: "ignore",
    rotationWaits: "ignore",
    allowLockout: "ignore",
  },
  computed: "retireAt",
  holds: () => [],
  dueWithout: ["deliveredKeyIds"],

  async isDue({ state, inputs, settings, date }) {
    const known = knownOf(state, inputs);
    const isConfirmed = known.confirmedKeyId === inputs.keyId;
    const { serviceAccount, keyId, previousKeyId } = inputs;
    if (evidenceIsMissing(inputs)) {
      // The next update takes back what was confirmed.
      return isConfirmed && hasPrevious(inputs, known) ? whyUnconfirmed(inputs) : undefined;
    }
    if (!isConfirmed && state.keyId === keyId && inputs.deliveredKeyIds !== undefined) {
      return `${serviceAccount}: the delivery of key ${keyId} is confirmed`;
    }
    if (!hasPrevious(inputs, known)) return undefined;
    const why = whyRetire(inputs, known, await date());
    if (why === undefined) return undefined;
    if (!isPreviousInUse(inputs, inputs, settings)) {
      return `${serviceAccount}: key ${previousKeyId} is deleted, because ${keyId} has replaced it: ${why}`;
    }
    notice(whyPreviousStays(inputs));
    return undefined;
  },

  async create(inputs, session, urn) {
    const outputs = await retire(inputs, { confirmedKeyId: "", retiredKeyId: "" }, session, urn);
    return { id: `${inputs.serviceAccount}/keys:retirement`, outputs };
  },

  read: (_id, state) => Promise.resolve({ actual: {}, outputs: outputsOf(state, knownOf(state, state)) }),

  update: (_id, state, inputs, session, urn) => retire(inputs, knownOf(state, inputs), session, urn),

  // What is left to delete is the key resource's.
  delete: () => Promise.resolve(),
};

/** What was recorded, as far as it still holds. */
interface Known {
  readonly confirmedKeyId: string;
  readonly retiredKeyId: string;
  /** Of the present key. */
  readonly deliveredAsOf?: string | undefined;
}

/** An earlier version recorded a key only where it took its delivery for confirmed. */
function knownOf(
  state: KeyRetirementOutputs & { readonly keyId: string },
  { keyId }: KeyRetirementInputs,
): Known {
  const { confirmedKeyId = state.keyId, retiredKeyId, deliveredAsOf } = state;
  return confirmedKeyId === keyId
    ? { confirmedKeyId, retiredKeyId, deliveredAsOf }
    : { confirmedKeyId, retiredKeyId };
}

/** Confirms the delivery of the present key by the evidence, and deletes the key before where that is due. */
async function retire(
  inputs: KeyRetirementInputs,
  before: Known,
  session: Session,
  urn: string,
): Promise<KeyRetirementOutputs> {
  const { api, settings } = session;
  const { serviceAccount, keyId, previousKeyId } = inputs;
  if (evidenceIsMissing(inputs)) return unconfirmed(inputs, before);

  const date = () => decisionDate(settings, () => session);
  const known = confirmedBy(await date(), inputs, before);
  const outputs = outputsOf(inputs, known);
  if (!hasPrevious(inputs, known) || whyRetire(inputs, known, await date()) === undefined) return outputs;
  if (isPreviousInUse(inputs, inputs, settings)) {
    notice(whyPreviousStays(inputs));
    return outputs;
  }
  const successor = await find(api, keyName(serviceAccount, keyId), KeyBody);
  if (successor === undefined) {
    throw new Error(
      `key ${previousKeyId} is kept, because its successor ${keyId} no longer exists: run \`pulumi up --refresh\` to create another`,
    );
  }
  // The answer has told the server's time for certain.
  if (whyRetire(inputs, known, await date()) === undefined) return outputs;
  if (inputs.deliveredKeyIds === undefined) notice(evidenceOf(inputs));
  return await deletePrevious(inputs, known, session, urn);
}

async function deletePrevious(
  inputs: KeyRetirementInputs,
  known: Known,
  { api }: Session,
  urn: string,
): Promise<KeyRetirementOutputs> {
  const { serviceAccount, keyId, previousKeyId } = inputs;
  const name = keyName(serviceAccount, previousKeyId);
  // It stays due: once the other resource has another key, this one deletes it.
  if (await isKeyHeldElsewhere(name, urn)) return outputsOf(inputs, known);
  await remove(api, name);
  noteFound(name);
  if ((await find(api, name, KeyBody)) !== undefined) {
    const incomplete = `${serviceAccount}: key ${previousKeyId} was deleted, but the API still shows it. The next \`pulumi up\` looks again`;
    notice(incomplete);
    return { ...outputsOf(inputs, known), incomplete };
  }
  const checkedAt = new Date(serverNow()).toISOString();
  notice(
    `${serviceAccount}: deleted key ${previousKeyId}, which ${keyId} follows: it is gone, checked at ${checkedAt} (the API's time)`,
  );
  return outputsOf(inputs, { ...known, retiredKeyId: previousKeyId });
}

/** The previous key stays, and the overlap has not begun. This is no failure: what else the update does may be what is missing. */
function unconfirmed(inputs: KeyRetirementInputs, known: Known): KeyRetirementOutputs {
  const { confirmedKeyId } = known;
  const outputs = outputsOf(inputs, {
    retiredKeyId: known.retiredKeyId,
    confirmedKeyId: confirmedKeyId === inputs.keyId ? "" : confirmedKeyId,
  });
  if (!hasPrevious(inputs, known)) return outputs;
  const incomplete = whyUnconfirmed(inputs);
  notice(incomplete);
  return { ...outputs, incomplete };
}

const confirmedBy = (date: Date, { keyId, createTime }: KeyRetirementInputs, known: Known): Known =>
  known.confirmedKeyId === keyId
    ? known
    : { ...known, confirmedKeyId: keyId, deliveredAsOf: farFrom(createTime, date) };

/** Why the previous key is to be deleted by this date. A delivery that is confirmed only now counts from it. */
function whyRetire(inputs: KeyRetirementInputs, known: Known, date: Date): string | undefined {
  if (inputs.rotationWaits === true) return "a further rotation waits for that";
  return endOfOverlap(retireAtOf(inputs, confirmedBy(date, inputs, known)), inputs.overlap, date);
}

const hasPrevious = ({ previousKeyId }: KeyRetirementInputs, { retiredKeyId }: Known): boolean =>
  previousKeyId !== "" && previousKeyId !== retiredKeyId;

/** The overlap counts from the delivery: until then nobody could move over. */
const retireAtOf = ({ createTime, overlap }: KeyRetirementInputs, { deliveredAsOf }: Known): string =>
  retirementOf({ createTime, provenAsOf: deliveredAsOf }, overlap);

const outputsOf = (inputs: KeyRetirementInputs, known: Known): KeyRetirementOutputs => ({
  confirmedKeyId: known.confirmedKeyId,
  deliveredAsOf: known.deliveredAsOf,
  retireAt:
    known.confirmedKeyId === inputs.keyId && hasPrevious(inputs, known) ? retireAtOf(inputs, known) : "",
  retiredKeyId: known.retiredKeyId,
});
