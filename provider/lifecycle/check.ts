import { ApiError } from "../api/http/errors.js";
import { shorten } from "../api/text/foreignText.js";
import { redactGiven } from "../api/text/redact.js";
import { noteResourceInState } from "../recovery/journal.js";
import { InvalidInput, type Check } from "../contract/resource.js";
import { declarationOf, type Lifecycle } from "./lifecycle.js";
import { isUnknown, type Properties } from "./properties.js";

export interface Declaration {
  /** The inputs that the program declares, as the engine passes them. */
  readonly inputs: Properties;
  readonly urn: string;
  /** Whether the resource is not in the state yet. */
  readonly isNew: boolean;
  /** The problems of the settings. */
  readonly problems: readonly string[];
}

/**
 * Checks and normalises the inputs. For a new resource, also prints what `adopt` will adopt.
 *
 * @returns the normalised inputs, and a sentence for each problem
 */
export async function check<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
  { inputs: given, urn, isNew, problems }: Declaration,
): Promise<{ inputs: Properties; failures: readonly string[] }> {
  const { resource, inputNames, declared } = lifecycle;
  const checks: Readonly<Record<string, Check<unknown>>> = resource.check;
  if (!isNew) noteResourceInState(urn);
  const inputs: Properties = {};
  const reasons = [...problems];
  for (const name of inputNames) {
    try {
      const checkOne = checks[name] as Check<unknown>;
      const value = isUnknown(given[name]) ? given[name] : checkOne(given[name] ?? undefined);
      if (value !== undefined) inputs[name] = value;
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      reasons.push(`${name} ${error.message}`);
    }
  }
  for (const name of Object.keys(given)) {
    if (!(name in resource.check)) {
      reasons.push(`${name} is not an input of this resource; its inputs are ${inputNames.join(", ")}`);
    }
  }
  const isKnown = !isUnknown(inputs);
  const conflict = reasons.length === 0 && isKnown && resource.checkTogether?.(inputs as Inputs);
  if (typeof conflict === "string") reasons.push(conflict);
  declared.add(declarationOf(lifecycle, inputs));
  if (isNew && reasons.length === 0 && isKnown && "adopt" in inputs) {
    reasons.push(...(await announceAdoption(lifecycle, inputs as Inputs)));
  }
  if (reasons.length === 0 && isKnown) reasons.push(...(await refusal(lifecycle, inputs as Inputs, isNew)));
  return { inputs, failures: reasons.map((reason) => shorten(redactGiven(reason))) };
}

/** @returns why the inputs are refused. Ignores API errors: the update reports them if they occur again. */
async function refusal<Inputs extends object, Outputs extends object>(
  { resource, open, settings }: Lifecycle<Inputs, Outputs>,
  inputs: Inputs,
  isNew: boolean,
): Promise<string[]> {
  if (resource.onDeclare === undefined) return [];
  try {
    const reason = await resource.onDeclare(inputs, { open, settings: settings(), isNew });
    return reason === undefined ? [] : [reason];
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

/** @returns why there is nothing to adopt. Ignores API errors: the creation reports them if they occur again. */
async function announceAdoption<Inputs extends object, Outputs extends object>(
  { resource, open }: Lifecycle<Inputs, Outputs>,
  inputs: Inputs,
): Promise<string[]> {
  try {
    await resource.announceAdoption?.(inputs, await open());
    return [];
  } catch (error) {
    return error instanceof ApiError ? [] : [(error as Error).message];
  }
}
