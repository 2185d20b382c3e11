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
import { InvalidInput, type Due, type Resource } from "../contract/resource.js";
import { endOfOverlap, farFrom, retirementOf } from "../keys/schedule.js";
import { decisionDate, type Session } from "../session/session.js";

/** The outputs of a key, and the evidence that it was delivered. */
export interface KeyRetirementInputs {
  readonly serviceAccount: string;
  readonly keyId: string;
  readonly createTime: string;
  readonly previousKeyId: string;
  readonly overlap: string;
  /**
   * The id of the key that each delivery has, from the state of the delivery; empty if it is unknown. Without this
   * input, a delivery counts as done when the engine reaches this resource. With `--target` or `--exclude`, the engine
   * can reach it without the delivery.
   */
  readonly deliveredKeyIds?: readonly string[] | undefined;
  /** Another rotation waits, so the previous key must be deleted now. */
  readonly rotationWaits?: true | undefined;
  readonly allowLockout?: true | undefined;
}

export interface KeyRetirementOutputs {
  /** The key whose delivery was confirmed last; empty if there is none. Absent in states of earlier versions. */
  readonly confirmedKeyId?: string | undefined;
  /** The decision date when the delivery was confirmed, if that was much later than the key's creation. */
  readonly deliveredAsOf?: string | undefined;
  /**
   * When the previous key is deleted; RFC 3339, UTC. Empty if there is no previous key, or if the delivery is not
   * confirmed.
   */
  readonly retireAt: string;
  /** The key that was deleted last; empty if there is none. */
  readonly retiredKeyId: string;
  /** Why another update is needed, although no input has changed; see `Common`. */
  readonly incomplete?: string;
}

/**
 * Deletes the previous key after its successor is delivered and the overlap is over. It is not a thing in the cloud.
 */
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
    // Another key was delivered, and an update must record it.
    keyId: "update",
    overlap: "update",
    // These only matter when something is due. The previous key leaves the inputs once it is known to be gone.
    createTime: "ignore",
    previousKeyId: "ignore",
    deliveredKeyIds: "ignore",
    rotationWaits: "ignore",
    allowLockout: "ignore",
  },
  computed: "retireAt",
  outputs: { confirmedKeyId: "plain", retireAt: "plain", retiredKeyId: "plain" },
  moves: () => outputNames,
  resolveId: () => {
    throw new InvalidInput(
      "a KeyRetirement can't be imported, because it is not a thing in the cloud: declare it",
    );
  },
  holds: () => [],
  dueWithout: ["deliveredKeyIds"],

  async whatIsDue({ state, inputs, settings, date }) {
    const known = knownOf(state, inputs);
    const isConfirmed = known.confirmedKeyId === inputs.keyId;
    const { serviceAccount, keyId, previousKeyId } = inputs;
    if (evidenceIsMissing(inputs)) {
      // The next update withdraws the confirmation.
      return isConfirmed && hasPrevious(inputs, known) ? due(whyUnconfirmed(inputs)) : undefined;
    }
    if (!isConfirmed && state.keyId === keyId && inputs.deliveredKeyIds !== undefined) {
      return due(`${serviceAccount}: the delivery of key ${keyId} is confirmed`);
    }
    if (!hasPrevious(inputs, known)) return undefined;
    const why = whyRetire(inputs, known, await date());
    if (why === undefined) return undefined;
    if (!isPreviousInUse(inputs, inputs, settings)) {
      return due(
        `${serviceAccount}: key ${previousKeyId} is deleted, because ${keyId} has replaced it: ${why}`,
      );
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

  // Deletes no key: the key resource deletes the keys that are left.
  delete: () => Promise.resolve(),
};

const due = (reason: string): Due<KeyRetirementOutputs> => ({ reason, moves: outputNames });

const outputNames = ["confirmedKeyId", "retireAt", "retiredKeyId"] as const;

/** The recorded facts that are still true. */
interface Known {
  readonly confirmedKeyId: string;
  readonly retiredKeyId: string;
  /** For the current key only. */
  readonly deliveredAsOf?: string | undefined;
}

/**
 * Takes the facts from a state. Earlier versions have no `confirmedKeyId`: a key in their states counts as confirmed.
 */
function knownOf(
  state: KeyRetirementOutputs & { readonly keyId: string },
  { keyId }: KeyRetirementInputs,
): Known {
  const { confirmedKeyId = state.keyId, retiredKeyId, deliveredAsOf } = state;
  return confirmedKeyId === keyId
    ? { confirmedKeyId, retiredKeyId, deliveredAsOf }
    : { confirmedKeyId, retiredKeyId };
}

/** Confirms the delivery of the current key from the evidence, and deletes the previous key if that is due. */
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
  // The API has answered by now, so the server's time is known for certain.
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
  // The deletion stays due: this resource deletes the key once the other resource has another one.
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

/**
 * The outputs while the delivery is not confirmed: the previous key stays, and the overlap has not begun. This does not
 * fail, because the rest of the update may do the missing delivery.
 */
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

/**
 * Why the previous key must be deleted on this date; undefined if it stays. If the delivery is confirmed only now, the
 * overlap starts on this date.
 */
function whyRetire(inputs: KeyRetirementInputs, known: Known, date: Date): string | undefined {
  if (inputs.rotationWaits === true) return "a further rotation waits for that";
  return endOfOverlap(retireAtOf(inputs, confirmedBy(date, inputs, known)), inputs.overlap, date);
}

const hasPrevious = ({ previousKeyId }: KeyRetirementInputs, { retiredKeyId }: Known): boolean =>
  previousKeyId !== "" && previousKeyId !== retiredKeyId;

/** The overlap starts with the delivery: nobody could switch to the new key before. */
const retireAtOf = ({ createTime, overlap }: KeyRetirementInputs, { deliveredAsOf }: Known): string =>
  retirementOf({ createTime, provenAsOf: deliveredAsOf }, overlap);

const outputsOf = (inputs: KeyRetirementInputs, known: Known): KeyRetirementOutputs => ({
  confirmedKeyId: known.confirmedKeyId,
  deliveredAsOf: known.deliveredAsOf,
  retireAt:
    known.confirmedKeyId === inputs.keyId && hasPrevious(inputs, known) ? retireAtOf(inputs, known) : "",
  retiredKeyId: known.retiredKeyId,
});
