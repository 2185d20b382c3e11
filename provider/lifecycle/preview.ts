import { changedInputs, whatIsDue } from "./plan.js";
import type { Held, Lifecycle } from "./lifecycle.js";
import { isUnknown } from "./properties.js";

/** The outputs that an update may change. In its preview, they are unknown, and all others keep their values. */
export async function movedOutputs<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  held: Held<Inputs, Outputs>,
  inputs: Inputs,
): Promise<readonly string[]> {
  const { resource } = lifecycle;
  const { state } = held;
  if (isUnknown(inputs) || state.incomplete !== undefined) return Object.keys(resource.outputs);
  const due = await whatIsDue(lifecycle, held, inputs, lifecycle.settings());
  const changed = changedInputs(lifecycle, state, inputs);
  return [...resource.moves({ changed, state }), ...(due?.moves ?? [])].map(String);
}
