import { printable } from "../../provider/api/text/foreignText.js";
import { doorOfProvider, doors, typeInUrn } from "../../provider/stack/doors.js";
import { nameIn } from "../../provider/stack/urns.js";
import type { StackState } from "../state/deployment.js";
import { explicitProviders, providerNamed } from "../state/providers.js";

/**
 * The URN of an explicit provider that can import.
 *
 * @throws Error if the stack has no such provider, or if it is one of dynamic resources
 */
export function importingProvider(name: string, stack: StackState): string {
  const option = `--provider ${printable(name)}`;
  const urn = providerNamed(name, explicitProviders(stack), option);
  if (isPlugins(urn)) return urn;
  throw new Error(`${option} is a provider of dynamic resources, and Pulumi can't import those`);
}

/** Tells that an explicit provider's places are not exported, and how to export them. */
export function leftOutLine(urn: string, isImportFile: boolean): string {
  const name = printable(JSON.stringify(nameIn(urn)));
  const how =
    isImportFile && isPlugins(urn) ? `--provider ${printable(nameIn(urn))}` : "--project and --other-state";
  return `left out: the places where only the provider ${name} declares something; export them by ${how}, with its credentials in the environment`;
}

const isPlugins = (urn: string): boolean => doorOfProvider(typeInUrn(urn)) === doors.plugin;
