import { redactGiven } from "../api/text/redact.js";
import { isId } from "../api/text/resourceNames.js";
import { parseCredentials } from "../session/credentialsFile.js";
import { InvalidInput, type Check } from "../contract/resource.js";

/** A key, and the evidence that it was delivered: the id of the key in the state of each delivery. */
export interface Delivered {
  readonly serviceAccount: string;
  readonly keyId: string;
  readonly previousKeyId: string;
  readonly deliveredKeyIds?: readonly string[] | undefined;
}

/**
 * An optional list of key ids. An id is empty if a delivery shows none, or has not happened. Accepts the credentials of
 * a key in place of its id, because that is what a delivery holds.
 */
export const keyIds: Check<readonly string[] | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new InvalidInput("must be a list of key ids");
  return value.map((given: unknown) => {
    const id = isJson(given) ? keyIdIn(given) : given;
    if (id === "" || id === null) return "";
    // Leave the value out of the error: it may be a whole credentials file.
    if (typeof id !== "string" || !isId(id))
      throw new InvalidInput("must hold ids of keys, or credentials of keys");
    return id;
  });
};

const isJson = (value: unknown): value is string =>
  typeof value === "string" && value.trimStart().startsWith("{");

/** Undefined if the text holds no key. */
function keyIdIn(credentials: string): string | undefined {
  try {
    return parseCredentials(credentials, "the delivery").keyId;
  } catch {
    return undefined;
  }
}

/**
 * Whether a delivery has a key other than the current one. Without `deliveredKeyIds`, the delivery counts as done,
 * because the engine normally runs it before the resource that retires the key.
 */
export const evidenceIsMissing = ({ keyId, deliveredKeyIds = [] }: Delivered): boolean =>
  deliveredKeyIds.some((id) => id !== keyId);

/** Says why the previous key stays, and what the user must do. */
export function whyUnconfirmed({
  serviceAccount,
  keyId,
  previousKeyId,
  deliveredKeyIds = [],
}: Delivered): string {
  const others = [...new Set(deliveredKeyIds)].filter((id) => id !== keyId);
  const present = others.map((id) => (id === "" ? "an unknown key or none" : `key ${redactGiven(id)}`));
  return `${serviceAccount}: key ${previousKeyId} stays, since the delivery still has ${present.join(" and ")}, not ${keyId}: run \`pulumi up\` without --target and --exclude, which delivers ${keyId}`;
}

/** Warns of a deletion without evidence, and says how to give the evidence. */
export const evidenceOf = ({ serviceAccount, keyId, previousKeyId }: Delivered): string =>
  `${serviceAccount}: key ${previousKeyId} is deleted without evidence that ${keyId} was delivered, since deliveredKeyIds is not given to the KeyRetirement. \`pulumi up\` with --target or --exclude can leave a delivery out: give deliveredKeyIds, the ids of the keys (or the credentials) in the outputs of the deliveries`;
