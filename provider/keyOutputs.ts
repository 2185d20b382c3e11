import type { KeyBody } from "./api/serviceAccounts.js";
import type { Settings } from "./api/settings.js";
import { rehearsalDate, retirementOf, rotationOf, type Schedule } from "./rotation.js";

/** What a key resource gives out. Times are RFC 3339, UTC. */
export interface KeyOutputs {
  readonly keyId: string;
  /** Empty where it is not known: the API tells it once, to whom creates the key. */
  readonly secret: string;
  readonly email: string;
  /** When the current key was created. */
  readonly createTime: string;
  /** The key before, as long as it still works; else empty. */
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
  /** By which date the key was made, where that was a rehearsal. */
  readonly mintedAsOf?: string | undefined;
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
  const mintedAsOf = mintedAt === undefined ? undefined : rehearsalDate(createTime, mintedAt);
  const key = {
    keyId,
    secret,
    email,
    createTime,
    previousKeyId: "",
    previousSecret: "",
    generation: 1,
    mintedAsOf,
  };
  return keyOutputs(schedule, key, settings);
}

type Facts = Omit<KeyOutputs, "rotateAt" | "retireAt" | "credentials">;

/** Completes what is known of the keys by what follows from it. Takes the states of before rotation, too. */
export function keyOutputs(
  schedule: Partial<Schedule>,
  facts: Partial<Facts>,
  { tokenEndpoint }: Settings,
): KeyOutputs {
  const { keyId = "", secret = "", email = "", createTime = "", generation = 1, mintedAsOf } = facts;
  const { previousKeyId = "", previousSecret = "" } = facts;
  const birth = { createTime, mintedAsOf };
  const serviceAccount = { keyId, secret, email, algorithm: "HS256", tokenEndpoint };
  return {
    keyId,
    secret,
    email,
    createTime,
    previousKeyId,
    previousSecret,
    rotateAt: rotationOf(birth, schedule.rotateAfter),
    retireAt: previousKeyId === "" ? "" : retirementOf(birth, schedule.overlap ?? "24h"),
    generation,
    credentials: secret === "" ? "" : JSON.stringify({ serviceAccount }),
    mintedAsOf,
  };
}
