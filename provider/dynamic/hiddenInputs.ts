import type { Properties } from "../lifecycle/properties.js";

/** What Pulumi and our sdk send along unseen by the user. Their names begin with two underscores. */

/** Not kept in outputs: Pulumi keeps the provider's text itself. */
const notKept = new Set(["__provider", "__askedAs"]);

export const hidden = (from: object): Properties =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name.startsWith("__") && !notKept.has(name)));

/** The resource's URN, which the sdk sends along; empty where it does not. */
export const urnOf = (properties: object): string => {
  const { __urn } = properties as Properties;
  return typeof __urn === "string" ? __urn : "";
};
