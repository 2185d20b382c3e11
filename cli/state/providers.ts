import { isExplicitProvider } from "../../provider/stack/doors.js";
import type { StackState } from "./deployment.js";

/** The URN in a provider reference, `URN::id`. Empty if there is none. */
export const providerIn = (reference: string): string =>
  reference.slice(0, Math.max(reference.lastIndexOf("::"), 0));

/** The URNs of the explicit providers in a state. */
export const explicitProviders = ({ resources }: StackState): string[] =>
  resources.filter((resource) => !resource.delete && isExplicitProvider(resource.urn)).map(({ urn }) => urn);
