import { lookUp, type Lookups } from "../provider/lookups/lookUp.js";
import type { Properties } from "../provider/lifecycle/properties.js";
import type { Config } from "../provider/session/settings.js";

/** The name of the answer's property, for lookups that answer a list. A function of Pulumi answers an object. */
export const listNames: { readonly [Name in keyof Lookups]: string | undefined } = {
  getMembers: "members",
  getOrganizations: "organizations",
  getProject: undefined,
  getProjects: "projects",
  getRoles: "roles",
  getServiceAccount: undefined,
  whoAmI: undefined,
};

/** The names of all functions. */
export const functionNames = Object.keys(listNames) as (keyof Lookups)[];

/** @throws Error that names the lookup, and says what is wrong */
export async function invoke(name: keyof Lookups, args: Properties, config: Config): Promise<Properties> {
  const answer: unknown = await lookUp(name, args as never, config);
  const list = listNames[name];
  return list === undefined ? (answer as Properties) : { [list]: answer };
}
