import { noteClaim } from "../stack/claims.js";
import { noteProjectOrganization } from "./projectOrganization.js";
import type { State } from "../contract/resource.js";
import { explainUnseen } from "./unseenPlaces.js";
import { beginWith, claimOf, stateOf, type Held, type Lifecycle, type Origin } from "./lifecycle.js";
import { plan } from "./plan.js";
import { recorded } from "./recording.js";

/** @throws PartlyDone if the thing was changed in part */
export function update<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
  inputs: Inputs,
): Promise<State<Inputs, Outputs>> {
  return explainUnseen(held.urn, () => change(lifecycle, held, inputs));
}

async function change<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
  inputs: Inputs,
): Promise<State<Inputs, Outputs>> {
  const { id, state, urn, recordedUrn } = held;
  const session = await lifecycle.open();
  await beginWith(lifecycle, held, session.settings);
  const { madeAt, stackId } = state;
  const origin: Origin = { madeAt, stackId, projectOrganization: noteProjectOrganization(state, session) };
  await plan(lifecycle, held, inputs, session.settings);
  const recording = { inputs, urn, session, origin: () => Promise.resolve(origin) };
  return recorded(lifecycle, recording, async () => {
    const outputs = await lifecycle.resource.update(id, state, inputs, session, urn);
    const present = stateOf(lifecycle, inputs, outputs, session, origin);
    // The state has the current URN from here on. For the rest of this deployment, claims identify the resource by the
    // recorded URN.
    noteClaim(claimOf(lifecycle, { id, state: present, urn, recordedUrn }));
    return present;
  });
}
