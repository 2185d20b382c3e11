import type { Due, Resource, State } from "../contract/resource.js";
import { changedInputs, whatIsDue } from "./plan.js";
import type { Held, Lifecycle } from "./lifecycle.js";
import { isUnknown } from "./properties.js";

/** The outputs that an update may change. In its preview, they are unknown, and all others keep their values. */
export async function movedOutputs<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
  inputs: Inputs,
): Promise<readonly string[]> {
  const { state } = held;
  const changed = changedInputs(lifecycle, state, inputs);
  const due = await whatIsDue(lifecycle, held, inputs, lifecycle.settings());
  return movedBy(lifecycle.resource, { state, inputs, changed, due });
}

interface Update<Inputs extends object, Outputs extends object> {
  readonly state: State<Inputs, Outputs>;
  readonly inputs: Inputs;
  readonly changed: readonly (keyof Inputs)[];
  readonly due: Due<Outputs> | undefined;
}

/** The same, if it is known already which inputs have changed and what is due. */
export function movedBy<Inputs extends object, Outputs extends object>(
  resource: Resource<Inputs, Outputs>,
  { state, inputs, changed, due }: Update<Inputs, Outputs>,
): readonly string[] {
  if (isUnknown(inputs) || state.incomplete !== undefined) return Object.keys(resource.outputs);
  return [...resource.moves({ changed, state }), ...(due?.moves ?? [])].map(String);
}
