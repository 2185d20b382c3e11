import { withNearName } from "../api/reads/find.js";
import { noteCreation } from "../api/http/recentlyCreated.js";
import { serverNow } from "../api/http/serverClock.js";
import { publishClaim } from "../stack/claims.js";
import { loadRecordedNames } from "../recovery/journal.js";
import { projectOrganizationOf } from "./projectOrganization.js";
import type { State } from "../contract/resource.js";
import { stackIdFor } from "../stack/stackIdentity.js";
import { claimOf, lookForOrphans, stateOf, type Lifecycle, type Origin } from "./lifecycle.js";
import { recorded } from "./recording.js";

/** @throws PartlyDone if the thing exists, but is not as declared */
export async function create<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  inputs: Inputs,
  urn: string,
): Promise<{ id: string; state: State<Inputs, Outputs> }> {
  const session = await lifecycle.open();
  await lookForOrphans(lifecycle, urn, undefined, session.settings);
  await loadRecordedNames(urn);
  const organization = projectOrganizationOf(inputs, session);
  const origin = async (): Promise<Origin> => ({
    madeAt: new Date(serverNow()).toISOString(),
    projectOrganization: await organization,
    stackId: stackIdFor(urn),
  });
  return recorded(lifecycle, { inputs, urn, session, origin }, async () => {
    const { id, outputs } = await withNearName(session.api, () =>
      lifecycle.resource.create(inputs, session, urn),
    );
    const state = stateOf(lifecycle, inputs, outputs, session, await origin());
    const claim = claimOf(lifecycle, { id, state, urn, recordedUrn: urn });
    // The id of a list of members is its project, which is not new.
    if (claim.names.includes(id)) noteCreation(id);
    publishClaim(claim);
    return { id, state };
  });
}
