import type { Holder } from "./recordedHolders.js";
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

/** Says that another resource of the stack holds an adopted thing. The most likely reason is a rename. */
export const ofHolder = (holder: Holder | undefined, urn: string): string =>
  holder === undefined
    ? ""
    : `. "${nameIn(holder.urn)}" of this stack holds it too: if this is a rename or a move, ${adviceFor(holder.urn, urn)}`;
