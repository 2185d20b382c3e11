import { isExpired, isValidEnd } from "../contract/expiry.js";
import { notice } from "../api/text/notice.js";
import { beginDeletion } from "../stack/claims.js";
import { decisionDate } from "../session/session.js";
import { noteProjectOrganization } from "./projectOrganization.js";
import { adviceFor } from "../stack/renames.js";
import { explainUnseen } from "./unseenPlaces.js";
import { nameIn } from "../stack/urns.js";
import { beginWith, claimOf, type Held, type Lifecycle } from "./lifecycle.js";

/** Deletes a thing. If another resource of the stack holds it, only Pulumi's record of this resource is deleted. */
export function deleteThing<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
): Promise<void> {
  return explainUnseen(held.urn, () => remove(lifecycle, held));
}

async function remove<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
): Promise<void> {
  const { id, state } = held;
  const session = await lifecycle.open();
  await beginWith(lifecycle, held, session.settings);
  // Sends no request: if the project is gone, the API can't tell its organization.
  noteProjectOrganization(state, session);
  const isOver = async (expires: string): Promise<boolean> =>
    isValidEnd(expires) && isExpired(expires, await decisionDate(session.settings, () => session));
  const departure = beginDeletion(claimOf(lifecycle, held), isOver);
  const isKept = async (...names: readonly string[]): Promise<boolean> => {
    const kept = await departure.otherHolder(names);
    if (kept !== undefined) notice(describeKept(names[0] ?? id, kept.urn, kept.holder.urn));
    return kept !== undefined;
  };
  try {
    await lifecycle.resource.delete(id, state, session, isKept);
  } catch (error) {
    departure.undo();
    throw error;
  }
}

/** Says why a deletion kept the thing. */
function describeKept(name: string, oldUrn: string, newUrn: string): string {
  const old = nameIn(oldUrn);
  return oldUrn === newUrn
    ? `kept ${name}: the resource that replaces "${old}" holds it`
    : `kept ${name}: "${nameIn(newUrn)}" has it too, so only Pulumi's record of "${old}" is deleted. If you rename or move a resource, ${adviceFor(oldUrn, newUrn)}, and nothing has to be adopted`;
}
