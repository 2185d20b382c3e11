import { nameIn, typesIn } from "../../provider/stack/urns.js";
import type { StackState } from "./deployment.js";

/** The URN in a provider reference, `URN::id`. Empty if there is none. */
export const providerIn = (reference: string): string =>
  reference.slice(0, Math.max(reference.lastIndexOf("::"), 0));

/**
 * Whether the program declares this provider. Pulumi creates a default provider itself, from the stack configuration.
 */
export const isExplicitProvider = (urn: string): boolean =>
  /(^|\$)pulumi:providers:pulumi-nodejs$/.test(typesIn(urn)) && !/^default(_|$)/.test(nameIn(urn));

/** The URNs of the explicit providers in a state. */
export const explicitProviders = ({ resources }: StackState): string[] =>
  resources.filter((resource) => !resource.delete && isExplicitProvider(resource.urn)).map(({ urn }) => urn);
