import { find, remove } from "./api/find.js";
import { notice } from "./api/notice.js";
import { KeyBody } from "./api/serviceAccounts.js";
import { asOfOf, type Settings } from "./api/settings.js";
import { duration, optionalFlag, requiredText, resourceId, serviceAccountName } from "./inputs.js";
import { keyName } from "./keyOutputs.js";
import { isPreviousInUse, whyPreviousStays } from "./loginKey.js";
import type { Resource } from "./resource.js";
import { endOfOverlap, farFrom, retirementOf } from "./rotation.js";
import type { Session } from "./session.js";

/** The outputs of a key, once whatever stands before this resource has delivered it. */
export interface KeyRetirementInputs {
  readonly serviceAccount: string;
  readonly keyId: string;
  readonly createTime: string;
  readonly previousKeyId: string;
  readonly overlap: string;
  /** A further rotation waits, so that the previous key goes now. */
  readonly rotationWaits?: true | undefined;
  readonly allowLockout?: true | undefined;
}

export interface KeyRetirementOutputs {
  /** By which date the delivery was confirmed, where that was much later than the key's creation. */
  readonly deliveredAsOf?: string | undefined;
  /** When the previous key is deleted; RFC 3339, UTC; empty where there is none. */
  readonly retireAt: string;
  /** The key that was deleted last; empty where none was. */
  readonly retiredKeyId: string;
}

/** Deletes the key before, once its successor has been delivered and the overlap is over. Nothing of its own in the cloud. */
export const keyRetirementResource: Resource<KeyRetirementInputs, KeyRetirementOutputs> = {
  check: {
    serviceAccount: serviceAccountName,
    keyId: resourceId,
    createTime: requiredText,
    previousKeyId: (value = "") => (value === "" ? "" : resourceId(value)),
    overlap: duration("24h"),
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
    rotationWaits: "ignore",
    allowLockout: "ignore",
  },
  computed: "retireAt",
  holds: () => [],

  isDue({ state, inputs, settings }) {
    const why = whyRetire(inputs, knownOf(state, inputs), settings);
    if (why === undefined) return undefined;
    if (!isPreviousInUse(inputs, inputs, settings)) {
      return `${inputs.serviceAccount}: key ${inputs.previousKeyId} is deleted, now that ${inputs.keyId} is in its place: ${why}`;
    }
    notice(whyPreviousStays(inputs));
    return undefined;
  },

  async create(inputs, session) {
    const outputs = await confirm(inputs, { retiredKeyId: "" }, session);
    return { id: `${inputs.serviceAccount}/keys:retirement`, outputs };
  },

  read: (_id, state) => Promise.resolve({ actual: {}, outputs: outputsOf(state, state) }),

  update: (_id, state, inputs, session) => confirm(inputs, knownOf(state, inputs), session),

  // What is left to delete is the key resource's.
  delete: () => Promise.resolve(),
};

/** What was recorded; without `retireAt` the delivery of the key is new. */
type Known = Pick<KeyRetirementOutputs, "retiredKeyId"> & Partial<KeyRetirementOutputs>;

const knownOf = (state: KeyRetirementOutputs & { keyId: string }, { keyId }: KeyRetirementInputs): Known =>
  state.keyId === keyId ? state : { retiredKeyId: state.retiredKeyId };

async function confirm(
  inputs: KeyRetirementInputs,
  known: Known,
  session: Session,
): Promise<KeyRetirementOutputs> {
  const { serviceAccount, keyId, previousKeyId } = inputs;
  const isNew = known.retireAt === undefined;
  const deliveredAsOf = isNew ? farFrom(inputs.createTime, asOfOf(session.settings)) : known.deliveredAsOf;
  const outputs = outputsOf(inputs, { ...known, deliveredAsOf });
  if (whyRetire(inputs, outputs, session.settings) === undefined) return outputs;
  if (isPreviousInUse(inputs, inputs, session.settings)) {
    notice(whyPreviousStays(inputs));
    return outputs;
  }
  const successor = await find(session.api, keyName(serviceAccount, keyId), KeyBody);
  if (successor === undefined) {
    throw new Error(
      `key ${previousKeyId} is kept, since its successor ${keyId} does not exist any more: run \`pulumi up --refresh\`, which makes another`,
    );
  }
  await remove(session.api, keyName(serviceAccount, previousKeyId));
  notice(`${serviceAccount}: deleted key ${previousKeyId}, which ${keyId} follows`);
  return { ...outputs, retireAt: "", retiredKeyId: previousKeyId };
}

/** Why the previous key is to be deleted now. */
function whyRetire(inputs: KeyRetirementInputs, known: Known, settings: Settings): string | undefined {
  if (!hasPrevious(inputs, known)) return undefined;
  if (inputs.rotationWaits === true) return "a further rotation waits for that";
  return endOfOverlap(retireAtOf(inputs, known), inputs.overlap, asOfOf(settings));
}

const hasPrevious = ({ previousKeyId }: KeyRetirementInputs, { retiredKeyId }: Known): boolean =>
  previousKeyId !== "" && previousKeyId !== retiredKeyId;

/** The overlap counts from the delivery: until then nobody could move over. */
const retireAtOf = ({ createTime, overlap }: KeyRetirementInputs, { deliveredAsOf }: Known): string =>
  retirementOf({ createTime, provenAsOf: deliveredAsOf }, overlap);

const outputsOf = (inputs: KeyRetirementInputs, known: Known): KeyRetirementOutputs => ({
  deliveredAsOf: known.deliveredAsOf,
  retireAt: hasPrevious(inputs, known) ? retireAtOf(inputs, known) : "",
  retiredKeyId: known.retiredKeyId,
});
