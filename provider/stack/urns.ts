/** Reads the parts of a URN: `urn:pulumi:STACK::PROJECT::TYPES::NAME`. A name can contain `::`, too. */

/** The stack and the project of a resource, such as `dev::shop`. Empty if the text is not a URN. */
export const stackOf = (urn: string): string => /^urn:pulumi:(.+?::.+?)::/.exec(urn)?.[1] ?? "";

/** The name that the program gives to a resource. */
export const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

/**
 * The types of a resource and of the components around it, such as
 * `dt:index:AccessGrant$pulumi-nodejs:dynamic/dt:ProjectRoleBinding`.
 */
export const typesIn = (urn: string): string => urn.split("::")[2] ?? "";

/**
 * The kind of a resource. `pulumi-nodejs:dynamic/dt:ServiceAccount` and a plugin's `disruptive:index:ServiceAccount`
 * are the same kind.
 */
export const kindOf = (urn: string): string => /[^:/$]*$/.exec(typesIn(urn))?.[0] ?? "";
