import { classes, type Finding, type FindingClass } from "./finding.js";

/** What a run ends with; see docs/drift.md. */
export const exitCodes = { clean: 0, failed: 1, drift: 2, incomplete: 3 } as const;

/** Drift, unless told otherwise: an invitation that waits, a rotation that is due, and another address on a membership are none. */
export const drift = ["changed", "missing", "unmanaged", "replaced"] as const satisfies FindingClass[];

/** What decides the exit code, `unread` aside: that always leaves a run incomplete. */
export function verdict(findings: readonly Finding[], failOn: readonly FindingClass[]): 0 | 2 | 3 {
  if (findings.some((finding) => finding.class !== "unread" && failOn.includes(finding.class)))
    return exitCodes.drift;
  return findings.some((finding) => finding.class === "unread") ? exitCodes.incomplete : exitCodes.clean;
}

/** Reads `changed,missing`, or `none`. @throws Error naming what is no class */
export function readFailOn(text: string): FindingClass[] {
  if (text.trim() === "none") return [];
  return text.split(",").map((word) => {
    const found = classes.find((name) => name === word.trim());
    if (found !== undefined) return found;
    throw new Error(`--fail-on takes none, or some of ${classes.join(",")}; not "${word.trim()}"`);
  });
}
