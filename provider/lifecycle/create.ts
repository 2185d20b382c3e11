import { withNearName } from "../api/find.js";
import { announce } from "../api/newborn.js";
import { serverNow } from "../api/serverClock.js";
import { noteGiven } from "../claims.js";
import { learnRecorded } from "../journal.js";
import { projectOrganizationOf } from "../projectOrganization.js";
import type { State } from "../resource.js";
import { stackIdFor } from "../stackIdentity.js";
import { claimOf, reportOrphans, stateOf, type Lifecycle, type Origin } from "./lifecycle.js";
import { recorded } from "./recording.js";

/** @throws PartlyDone where the thing exists, but is not as declared */
export async function create<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  inputs: Inputs,
  urn: string,
): Promise<{ id: string; state: State<Inputs, Outputs> }> {
  const session = await lifecycle.open();
  await reportOrphans(lifecycle, urn, undefined, session.settings);
  await learnRecorded(urn);
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
    announce(id);
    const state = stateOf(lifecycle, inputs, outputs, session, await origin());
    noteGiven(claimOf(lifecycle, { id, state, urn, recordedUrn: urn }));
    return { id, state };
  });
}
