import { classes, type Finding, type FindingClass } from "./finding.js";

/** The exit codes, which docs/drift.md explains. */
export const exitCodes = { clean: 0, failed: 1, drift: 2, incomplete: 3 } as const;

/** The classes that count as drift by default. Pending invitations, due rotations and changed emails don't count. */
export const drift = ["changed", "missing", "unmanaged", "replaced"] as const satisfies FindingClass[];

/** The exit code of a run. The classes in `failOn` count as drift. `unread` always makes a run incomplete. */
export function verdict(findings: readonly Finding[], failOn: readonly FindingClass[]): 0 | 2 | 3 {
  if (findings.some((finding) => finding.class !== "unread" && failOn.includes(finding.class)))
    return exitCodes.drift;
  return findings.some((finding) => finding.class === "unread") ? exitCodes.incomplete : exitCodes.clean;
}

/** Reads `changed,missing`, or `none`. @throws Error that names the unknown class */
export function readFailOn(text: string): FindingClass[] {
  if (text.trim() === "none") return [];
  return text.split(",").map((word) => {
    const found = classes.find((name) => name === word.trim());
    if (found !== undefined) return found;
    throw new Error(`--fail-on takes none, or some of ${classes.join(",")}; not "${word.trim()}"`);
  });
}
