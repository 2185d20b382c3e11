import type { Settings } from "../api/http/settings.js";
import { decisionDate } from "../session/session.js";
import type { Held, Lifecycle } from "./lifecycle.js";
import { isEqual, isUnknown, pick, type Properties } from "./properties.js";

/** What the changed inputs of a resource lead to. */
export interface Plan {
  /** Inputs whose change matters. */
  readonly effective: readonly string[];
  /** Those that make the engine replace the resource. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** @throws Error where the resource refuses the change */
export async function plan<Inputs extends object, Outputs extends object>(
  { resource, inputNames, open }: Lifecycle<Inputs, Outputs>,
  { id, state }: Held<Inputs, Outputs>,
  inputs: Inputs,
  settings: Settings,
): Promise<Plan> {
  const changed = inputNames.filter((name) => !isEqual((state as Properties)[name], inputs[name]));
  const effective = changed.filter((name) => resource.onChange[name] !== "ignore");
  // An unknown value replaces nothing yet: it is unknown in any preview that touches what it comes from.
  const replaces = await without(
    effective.filter((name) => resource.onChange[name] !== "update" && !isUnknown(inputs[name])),
    (name) => resource.staysTheSame?.(name, { id, state, inputs, settings, isReplacement: true, open }),
  );
  const deleteBeforeReplace = replaces.some((name) => resource.onChange[name] === "recreate");
  const isReplacement = replaces.length > 0;
  // Unknown values are judged as unchanged: the engine asks again before it changes anything.
  const settled = inputNames.map((name) => [
    name,
    isUnknown(inputs[name]) ? (state as Properties)[name] : inputs[name],
  ]);
  const known = Object.fromEntries(settled) as Inputs;
  await resource.guardChange?.({ id, state, inputs: known, settings, isReplacement, open });
  return { effective, replaces, deleteBeforeReplace };
}

/** @returns in words for the user, what time alone makes necessary, as far as the known inputs tell */
export async function whatIsDue<Inputs extends object, Outputs extends object>(
  { resource, inputNames, open }: Lifecycle<Inputs, Outputs>,
  { id, state }: Held<Inputs, Outputs>,
  news: Inputs,
  settings: Settings,
): Promise<string | undefined> {
  const isDecisive = (name: keyof Inputs): boolean => resource.dueWithout?.includes(name) !== true;
  const isKnown = (name: keyof Inputs): boolean => !isUnknown(news[name]);
  if (!inputNames.every((name) => isKnown(name) || !isDecisive(name))) return undefined;
  const inputs = pick(news as Properties, inputNames.filter(isKnown)) as Inputs;
  const date = () => decisionDate(settings, open);
  return await resource.isDue?.({ id, state, inputs, settings, isReplacement: false, date });
}

/** The items for which the question is not answered with true. */
async function without<T>(
  items: readonly T[],
  isOut: (item: T) => Promise<boolean> | undefined,
): Promise<T[]> {
  const answers = await Promise.all(items.map(async (item) => await isOut(item)));
  return items.filter((_item, index) => answers[index] !== true);
}
