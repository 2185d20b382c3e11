import { engineActivity } from "../api/gathering/engineActivity.js";
import { noteClaim } from "../stack/claims.js";
import { projectOrganizationOf } from "./projectOrganization.js";
import type { State } from "../contract/resource.js";
import type { Session } from "../session/session.js";
import { explainUnseen } from "./unseenPlaces.js";
import { beginWith, claimOf, clean, stateOf, type Held, type Lifecycle } from "./lifecycle.js";
import { pick } from "./properties.js";

export interface Found<Inputs extends object, Outputs extends object> {
  readonly id: string;
  /** The inputs as the cloud has them. If the cloud does not know an input, its value in the state. */
  readonly inputs: Partial<Inputs>;
  readonly state: State<Inputs, Outputs>;
}

/**
 * Refreshes a resource, or looks one up for a program.
 *
 * @returns undefined if the API proves that the resource is gone
 * @throws Error if a lookup finds nothing
 */
export async function read<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
): Promise<Found<Inputs, Outputs> | undefined> {
  const { resource } = lifecycle;
  // In a lookup, there is no state.
  const isLookUp = held.state[resource.computed as keyof State<Inputs, Outputs>] === undefined;
  return isLookUp
    ? await lookUp(lifecycle, held)
    : await explainUnseen(held.recordedUrn, () => refresh(lifecycle, held));
}

async function lookUp<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
): Promise<Found<Inputs, Outputs>> {
  engineActivity.isAtWork = true;
  const session = await lifecycle.open();
  const id = await lifecycle.resource.resolveId(held.id, session);
  const found = await see(lifecycle, { ...held, id }, session, undefined);
  // If a lookup answered "gone", Pulumi would treat that as a success.
  if (found === undefined) throw new Error(`${held.id} does not exist, as ${session.identity} sees it`);
  return found;
}

async function refresh<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
): Promise<Found<Inputs, Outputs> | undefined> {
  const session = await lifecycle.open();
  await beginWith(lifecycle, held, session.settings);
  const claim = claimOf(lifecycle, held);
  noteClaim(claim);
  const found = await see(lifecycle, held, session, projectOrganizationOf(held.state, session));
  // What is gone is not held. Its name may come back, as that of another resource.
  if (found === undefined) noteClaim({ ...claim, names: [] });
  return found;
}

async function see<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  { id, state, urn }: Held<Inputs, Outputs>,
  session: Session,
  organization: Promise<string | undefined> | undefined,
): Promise<Found<Inputs, Outputs> | undefined> {
  const { resource, inputNames } = lifecycle;
  const seen = await resource.read(id, state, session, urn);
  if (seen === undefined) return undefined;
  const declared = pick(
    state,
    inputNames.filter((name) => !(name in seen.outputs)),
  );
  const inputs = { ...declared, ...seen.actual } as Partial<Inputs>;
  const { madeAt, stackId } = state;
  const origin = { madeAt, stackId, projectOrganization: await organization };
  const present = stateOf(lifecycle, inputs, seen.outputs, session, origin);
  const incomplete = seen.incomplete ?? state.incomplete;
  const marked = incomplete === undefined ? present : { ...present, incomplete };
  return { id: seen.id ?? id, inputs: clean(inputs), state: marked };
}
