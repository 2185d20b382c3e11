import { nameIn, typesIn } from "./urns.js";

/**
 * The resource option that tells Pulumi that a resource was renamed or moved. With it, nothing changes in the cloud.
 */
function aliasFor(oldUrn: string, newUrn: string): string {
  if (typesIn(oldUrn) !== typesIn(newUrn)) return `aliases: ["${oldUrn}"]`;
  return `aliases: [{ name: "${nameIn(oldUrn)}" }]`;
}

/** Advice about a rename, as a clause: which resource needs which option. */
export const adviceFor = (oldUrn: string, newUrn: string): string =>
  `give "${nameIn(newUrn)}"${typesIn(newUrn).includes("$") ? " (or the component around it)" : ""} the option ${aliasFor(oldUrn, newUrn)}`;
