import type { Settings } from "../api/http/settings.js";
import type { Due } from "../contract/resource.js";
import { decisionDate } from "../session/session.js";
import type { Held, Lifecycle } from "./lifecycle.js";
import { isEqual, isUnknown, pick, type Properties } from "./properties.js";

/** The effects of the changed inputs of a resource. */
export interface Plan<Inputs> {
  /** The changed inputs that have an effect. */
  readonly effective: readonly (keyof Inputs & string)[];
  /** The changed inputs that make the engine replace the resource. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** @throws Error if the resource refuses the change */
export async function plan<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  { id, state }: Held<Inputs, Outputs>,
  inputs: Inputs,
  settings: Settings,
): Promise<Plan<Inputs>> {
  const { resource, inputNames, open } = lifecycle;
  const effective = changedInputs(lifecycle, state, inputs);
  // An unknown value does not cause a replacement: any change to its source makes it unknown in a preview.
  const replaces = await without(
    effective.filter((name) => resource.onChange[name] !== "update" && !isUnknown(inputs[name])),
    (name) => resource.staysTheSame?.(name, { id, state, inputs, settings, isReplacement: true, open }),
  );
  const deleteBeforeReplace = replaces.some((name) => resource.onChange[name] === "recreate");
  const isReplacement = replaces.length > 0;
  // Treat unknown values as unchanged: the engine calls diff again before it changes anything.
  const settled = inputNames.map((name) => [
    name,
    isUnknown(inputs[name]) ? (state as Properties)[name] : inputs[name],
  ]);
  const known = Object.fromEntries(settled) as Inputs;
  await resource.guardChange?.({ id, state, inputs: known, settings, isReplacement, open });
  return { effective, replaces, deleteBeforeReplace };
}

/** The inputs that differ from the state and have an effect. */
export function changedInputs<Inputs extends object, Outputs extends object>(
  { resource, inputNames }: Lifecycle<Inputs, Outputs>,
  state: object,
  inputs: Inputs,
): (keyof Inputs & string)[] {
  type Compare = (old: unknown, present: unknown) => boolean;
  const sameEffect: Readonly<Record<string, Compare | undefined>> = { ...resource.sameEffect };
  return inputNames.filter((name) => {
    const [old, present] = [(state as Properties)[name], inputs[name]];
    const hasEffect = !isEqual(old, present) && sameEffect[name]?.(old, present) !== true;
    return hasEffect && resource.onChange[name] !== "ignore";
  });
}

/** @returns what time alone makes necessary; undefined if nothing is due or known */
export async function whatIsDue<Inputs extends object, Outputs extends object>(
  { resource, inputNames, open }: Lifecycle<Inputs, Outputs>,
  { id, state }: Held<Inputs, Outputs>,
  news: Inputs,
  settings: Settings,
): Promise<Due<Outputs> | undefined> {
  const isDecisive = (name: keyof Inputs): boolean => resource.dueWithout?.includes(name) !== true;
  const isKnown = (name: keyof Inputs): boolean => !isUnknown(news[name]);
  if (!inputNames.every((name) => isKnown(name) || !isDecisive(name))) return undefined;
  const inputs = pick(news as Properties, inputNames.filter(isKnown)) as Inputs;
  const date = () => decisionDate(settings, open);
  return await resource.whatIsDue?.({ id, state, inputs, settings, isReplacement: false, date });
}

/** The items without those for which `isOut` is true. */
async function without<T>(
  items: readonly T[],
  isOut: (item: T) => Promise<boolean> | undefined,
): Promise<T[]> {
  const answers = await Promise.all(items.map(async (item) => await isOut(item)));
  return items.filter((_item, index) => answers[index] !== true);
}
