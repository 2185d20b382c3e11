import { notice } from "../api/text/notice.js";
import { otherHolderOf } from "../stack/claims.js";
import { nameIn } from "../stack/urns.js";

/**
 * Whether a previous key is the current key of another resource in the stack, for example because that resource adopted
 * it. If so, prints a notice, and the rotation must keep the key.
 *
 * @param name the key's API name
 * @param urn the resource that is about to delete the key
 */
export async function isKeyHeldElsewhere(name: string, urn: string): Promise<boolean> {
  const holder = await otherHolderOf(
    name,
    urn,
    "ServiceAccountKey",
    ({ names: [present] }) => present === name,
  );
  if (holder === undefined) return false;
  notice(`kept ${name}: it is the present key of "${nameIn(holder.urn)}" in this stack`);
  return true;
}
