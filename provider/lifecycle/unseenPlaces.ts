import { notice } from "../api/text/notice.js";
import { shellQuoted } from "../api/text/shellQuoted.js";
import { UnseenError } from "../api/reads/unseenError.js";
import { recordedResources, type Recorded } from "../stack/recordedState.js";

/** Explains a project or an organization that can't be seen, once for all its resources in the state. */

const told = new Set<string>();
/** The maximum number of resources in one command. */
const most = 100;

/**
 * Runs an operation on a resource. If its project or organization can't be seen, the first error explains that, and a
 * notice prints the command that helps. Further errors are one sentence.
 */
export async function explainUnseen<T>(urn: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnseenError) || !isPlace(error.place)) throw error;
    const { method, path, status, reason, place, identity } = error;
    const key = `${place} ${identity}`;
    if (!told.has(key)) {
      told.add(key);
      await printCommand(error, urn);
      throw error;
    }
    throw new Error(
      `${identity} can't see ${place}, and the command that helps was printed: ${method} ${path}: ${status ?? ""} ${reason}`,
      { cause: error },
    );
  }
}

const isPlace = (name: string): boolean => /^(projects|organizations)\/[^/]+$/.test(name);

async function printCommand({ place, identity }: UnseenError, urn: string): Promise<void> {
  const found = await inPlace(place, urn);
  const urns = [...new Set(found.length > 0 ? found.map((each) => each.urn) : [urn])];
  const force = found.some(({ protect }) => protect) ? " --force" : "";
  const listed = urns.slice(0, most).map(shellQuoted);
  const rest =
    urns.length > most
      ? ` These are the first ${most} of ${urns.length}; run Pulumi again for the others.`
      : "";
  notice(
    `${place} can't be seen: either it was deleted, or ${identity} has no access to it. Nothing was taken as deleted. If it was deleted, this takes what was in it out of the state, and out of the state alone:${rest}\n  pulumi state delete ${listed.join(" ")} --target-dependents${force}`,
  );
}

/** The resources of this provider in a project or an organization, as the state has them. */
async function inPlace(place: string, urn: string): Promise<readonly Recorded[]> {
  if (urn === "") return [];
  const resources = await recordedResources(urn);
  // Another provider may use the same ids, but only our resources have `apiUrl`.
  return resources.filter(
    ({ id, outputs }) => (id === place || id.startsWith(`${place}/`)) && outputs.apiUrl !== undefined,
  );
}
