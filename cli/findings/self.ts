import { isOwn, type Identity } from "../cloud/identity.js";
import type { Finding, FindingClass } from "./finding.js";

/**
 * Gives the class `self` to what belongs to the identities that Pulumi runs as. Other keys of their accounts stay
 * unmanaged, because somebody else may have them.
 */
export const asSelf =
  (identities: readonly Identity[]) =>
  (finding: Finding): Finding =>
    finding.class === "unmanaged" && identities.some((identity) => isOwn(finding.id, identity))
      ? { ...finding, class: "self", message: `Pulumi runs as this identity: ${finding.message}` }
      : finding;

/** The classes that count as drift. In a strict run, `self` counts if `unmanaged` does. */
export const withSelf = (failOn: readonly FindingClass[], isStrict: boolean): FindingClass[] =>
  isStrict && failOn.includes("unmanaged") && !failOn.includes("self") ? [...failOn, "self"] : [...failOn];
