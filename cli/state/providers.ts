import type { StackState } from "./deployment.js";

/** The URN in a provider reference, `URN::id`. Empty if there is none. */
export const providerIn = (reference: string): string =>
  reference.slice(0, Math.max(reference.lastIndexOf("::"), 0));

/**
 * Whether the program declares this provider. Pulumi creates a default provider itself, from the stack configuration.
 */
export const isExplicitProvider = (urn: string): boolean =>
  /(^|\$)pulumi:providers:pulumi-nodejs$/.test(urn.split("::")[2] ?? "") &&
  !/^default(_|$)/.test(nameIn(urn));

/** The resource's name in the program. A name can contain `::`. */
export const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

/** The URNs of the explicit providers in a state. */
export const explicitProviders = ({ resources }: StackState): string[] =>
  resources.filter((resource) => !resource.delete && isExplicitProvider(resource.urn)).map(({ urn }) => urn);
