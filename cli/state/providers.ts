import { isExplicitProvider } from "../../provider/stack/doors.js";
import { nameIn } from "../../provider/stack/urns.js";
import type { StateResource } from "./deployment.js";

/** The parts of a stack's resources that tell their providers. */
export interface Provided {
  readonly resources: readonly Pick<StateResource, "urn" | "type" | "provider" | "delete">[];
}

/** The URN in a provider reference, `URN::id`. Empty if there is none. */
export const providerIn = (reference: string): string =>
  reference.slice(0, Math.max(reference.lastIndexOf("::"), 0));

/** The URNs of the explicit providers in a state. */
export const explicitProviders = ({ resources }: Provided): string[] =>
  resources.filter((resource) => !resource.delete && isExplicitProvider(resource.urn)).map(({ urn }) => urn);

/**
 * The URN of the provider with this name.
 *
 * @param name the name or the URN
 * @param option the option that names it, for the error
 * @throws Error if there is none, or if several have the name
 */
export function providerNamed(name: string, urns: readonly string[], option: string): string {
  const [urn, ...others] = urns.filter((each) => each === name || nameIn(each) === name);
  if (urn === undefined)
    throw new Error(`${option}: the state has no such provider; it has ${namesOf(urns)}`);
  if (others.length > 0)
    throw new Error(
      `${option}: several providers have this name, so give the URN of one: ${[urn, ...others].join(" or ")}`,
    );
  return urn;
}

/** The names of providers, in words. */
export function namesOf(urns: readonly string[]): string {
  const names = urns.map((urn) => JSON.stringify(nameIn(urn))).join(", ");
  return names === "" ? "no explicit provider" : `the providers ${names}`;
}
