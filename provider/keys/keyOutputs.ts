import type { KeyBody } from "../api/bodies/serviceAccounts.js";
import type { Settings } from "../api/http/settings.js";
import { farFrom, retirementOf, rotationOf, type Birth, type Schedule } from "./schedule.js";

/** What a key resource gives out. Times are RFC 3339, UTC. */
export interface KeyOutputs extends Birth {
  readonly keyId: string;
  /** Empty where it is not known: the API tells it once, to whom creates the key. */
  readonly secret: string;
  readonly email: string;
  /** The key before; empty where there is none, or where it is known to be gone. */
  readonly previousKeyId: string;
  readonly previousSecret: string;
  /** When the next rotation is due; empty where none is declared. */
  readonly rotateAt: string;
  /** When the previous key is deleted; empty where there is none. */
  readonly retireAt: string;
  /** 1 for the first key, and one more with each rotation. */
  readonly generation: number;
  /** The current key as the file that the vendor's clients read (`DT_CREDENTIALS_FILE`), JSON; empty where the secret is not known. */
  readonly credentials: string;
  /** The current key has not logged in yet: until it has, the previous one is not touched. */
  readonly isUnproven?: true | undefined;
  /** A further rotation waits until the previous key is gone. Never left out: what is missing is unknown in a preview. */
  readonly rotationWaits: boolean;
  /** Asks for an update although nothing has changed, as `Common` says. */
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

/** Completes what is known of the keys by what follows from it. Takes the states of before rotation, too. */
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

/** The same once the previous key is gone. */
export const withoutPrevious = (outputs: KeyOutputs): KeyOutputs => ({
  ...outputs,
  previousKeyId: "",
  previousSecret: "",
  retireAt: "",
});
