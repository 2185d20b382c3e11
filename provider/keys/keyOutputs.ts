import type { KeyBody } from "../api/bodies/serviceAccounts.js";
import type { Settings } from "../api/http/settings.js";
import { farFrom, retirementOf, rotationOf, type Birth, type Schedule } from "./schedule.js";

/** The outputs of a key resource. Times are RFC 3339, UTC. */
export interface KeyOutputs extends Birth {
  readonly keyId: string;
  /** Empty if it is not known: the API shows it only once, in the answer to the creation. */
  readonly secret: string;
  readonly email: string;
  /** The key before this one; empty if there is none, or if it is known to be gone. */
  readonly previousKeyId: string;
  readonly previousSecret: string;
  /** When the next rotation is due; empty if none is declared. */
  readonly rotateAt: string;
  /** When the previous key is deleted; empty if there is none. */
  readonly retireAt: string;
  /** 1 for the first key. Each rotation adds 1. */
  readonly generation: number;
  /**
   * The current key as a JSON file that the vendor's clients read (`DT_CREDENTIALS_FILE`); empty if the secret is not
   * known.
   */
  readonly credentials: string;
  /** The current key has not logged in yet. The previous key stays until then. */
  readonly isUnproven?: true | undefined;
  /**
   * Another rotation waits until the previous key is gone. Always present: a preview shows a missing output as unknown.
   */
  readonly rotationWaits: boolean;
  /** Why the key needs another update, although no input has changed; see `Common`. */
  readonly incomplete?: string;
}

/** The outputs of a key without a predecessor. */
export function firstKey(
  { id: keyId, createTime }: KeyBody,
  secret: string,
  email: string,
  schedule: Partial<Schedule>,
  settings: Settings,
  mintedAt?: Date,
): KeyOutputs {
  const mintedAsOf = mintedAt === undefined ? undefined : farFrom(createTime, mintedAt);
  return keyOutputs(schedule, { keyId, secret, email, createTime, mintedAsOf }, settings);
}

type Facts = Omit<KeyOutputs, "rotateAt" | "retireAt" | "credentials" | "rotationWaits" | "incomplete">;

/** Derives all outputs from the known facts. Accepts states of versions without rotation, too. */
export function keyOutputs(
  schedule: Partial<Schedule>,
  facts: Partial<Facts>,
  { tokenEndpoint }: Settings,
): KeyOutputs {
  const { keyId = "", secret = "", email = "", previousKeyId = "", previousSecret = "" } = facts;
  const { createTime = "", mintedAsOf, provenAsOf, generation = 1, isUnproven } = facts;
  const birth = { createTime, mintedAsOf, provenAsOf };
  const serviceAccount = { keyId, secret, email, algorithm: "HS256", tokenEndpoint };
  return {
    keyId,
    secret,
    email,
    ...birth,
    previousKeyId,
    previousSecret,
    rotateAt: rotationOf(birth, schedule.rotateAfter),
    retireAt: previousKeyId === "" ? "" : retirementOf(birth, schedule.overlap ?? "24h"),
    generation,
    credentials: secret === "" ? "" : JSON.stringify({ serviceAccount }),
    isUnproven,
    rotationWaits: false,
  };
}

/** A key's API name. */
export const keyName = (serviceAccount: string, keyId: string): string => `${serviceAccount}/keys/${keyId}`;

/** The outputs after the previous key is gone. */
export const withoutPrevious = (outputs: KeyOutputs): KeyOutputs => ({
  ...outputs,
  previousKeyId: "",
  previousSecret: "",
  retireAt: "",
});
