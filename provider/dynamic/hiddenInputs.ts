import type { Properties } from "../lifecycle/properties.js";

/** Inputs that Pulumi and our SDK add, and that users do not see. Their names begin with two underscores. */

/** Inputs that are not copied to the outputs. Pulumi stores `__provider` itself. */
const notKept = new Set(["__provider", "__askedAs"]);

export const hidden = (from: object): Properties =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name.startsWith("__") && !notKept.has(name)));

/** The resource's URN, which the SDK adds; empty if it is missing. */
export const urnOf = (properties: object): string => {
  const { __urn } = properties as Properties;
  return typeof __urn === "string" ? __urn : "";
};
