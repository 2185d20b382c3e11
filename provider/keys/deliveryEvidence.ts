import { redactGiven } from "../api/text/redact.js";
import { isId } from "../api/text/resourceNames.js";
import { InvalidInput, type Check } from "../contract/resource.js";

/** What tells that a key was delivered: the key that each delivery has, as the state of the delivery tells. */
export interface Delivered {
  readonly serviceAccount: string;
  readonly keyId: string;
  readonly previousKeyId: string;
  readonly deliveredKeyIds?: readonly string[] | undefined;
}

/** A list of key ids, or nothing. An id is empty where a delivery tells none, or has not been made. */
export const keyIds: Check<readonly string[] | undefined> = (value) => {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new InvalidInput("must be a list of key ids");
  return value.map((id: unknown) => {
    if (id === "" || id === null) return "";
    // Whole credentials, given by mistake, must not be shown.
    if (typeof id !== "string" || !isId(id))
      throw new InvalidInput("must hold ids of keys; keyIdIn(…) takes one out of credentials");
    return id;
  });
};

/** Whether a delivery has another key than the present one. Without evidence, the order of the engine's work counts as one. */
export const evidenceIsMissing = ({ keyId, deliveredKeyIds = [] }: Delivered): boolean =>
  deliveredKeyIds.some((id) => id !== keyId);

/** Why the previous key stays, and what to do. */
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

/** How to give the evidence. */
export const evidenceOf = ({ serviceAccount, keyId, previousKeyId }: Delivered): string =>
  `${serviceAccount}: key ${previousKeyId} is deleted without evidence that ${keyId} was delivered, since deliveredKeyIds is not given to the KeyRetirement. \`pulumi up\` with --target or --exclude can leave a delivery out: give deliveredKeyIds, such as [dt.keyIdIn(delivery.secretString)]`;
