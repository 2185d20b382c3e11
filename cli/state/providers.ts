import type { StackState } from "./deployment.js";

/** The URN in a resource's reference to its provider, which is `URN::id`; empty where there is none. */
export const providerIn = (reference: string): string =>
  reference.slice(0, Math.max(reference.lastIndexOf("::"), 0));

/** A provider that the program declares, and that Pulumi does not make by itself from the stack's configuration. */
export const isExplicitProvider = (urn: string): boolean =>
  /(^|\$)pulumi:providers:pulumi-nodejs$/.test(urn.split("::")[2] ?? "") &&
  !/^default(_|$)/.test(nameIn(urn));

/** What the program calls it. A name may hold `::`, too. */
export const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

/** URNs of the explicit providers in a state. */
export const explicitProviders = ({ resources }: StackState): string[] =>
  resources.filter((resource) => !resource.delete && isExplicitProvider(resource.urn)).map(({ urn }) => urn);
