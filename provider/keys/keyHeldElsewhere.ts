import { notice } from "../api/text/notice.js";
import { otherHolderOf } from "../stack/claims.js";
import { nameIn } from "../stack/urns.js";

/**
 * Whether another resource of the stack has a previous key as its present one, as when the key was adopted there: then a rotation does
 * not delete it. The user is told.
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
