import { compareRoles, isBroadening, canGrant } from "../../access/roles.js";
import type { Finding } from "./finding.js";

/** How a finding is marked. `danger`: somebody may have more access than declared. */
export type Severity = "danger" | "warning" | "notice";

type Judged = Pick<Finding, "kind" | "changes" | "role" | "id"> & { readonly class: string };

/**
 * The kinds of findings, the most dangerous first. This order is for people. The classes keep their own order, because
 * programs read them.
 */
const kinds = [
  { severity: "danger", fits: isForeignAdministrator },
  { severity: "danger", fits: (finding: Judged) => finding.class === "unmanaged" && finding.kind === "key" },
  { severity: "danger", fits: (finding: Judged) => finding.class === "replaced" },
  { severity: "danger", fits: isBroader },
  {
    severity: "danger",
    fits: ({ class: name, kind }: Judged) => name === "unmanaged" && kind === "membership",
  },
  { severity: "danger", fits: ({ class: name }: Judged) => name === "unmanaged" || name === "expired" },
  { severity: "warning", fits: ({ class: name }: Judged) => name === "unread" },
  { severity: "warning", fits: ({ class: name }: Judged) => name === "missing" },
  { severity: "warning", fits: isAboutAccess },
  { severity: "notice", fits: ({ class: name }: Judged) => name === "changed" },
  { severity: "notice", fits: () => true },
] as const satisfies { severity: Severity; fits: (finding: Judged) => boolean }[];

/** How dangerous a finding is. */
export const severityOf = (finding: Judged): Severity => kinds[rankOf(finding)]?.severity ?? "notice";

/** The position of a finding among all kinds of findings, the most dangerous first. */
export const rankOf = (finding: Judged): number => kinds.findIndex(({ fits }) => fits(finding));

/** Sorts findings, the most dangerous first. The order depends only on the findings. */
export const byDanger = <Each extends Judged>(findings: readonly Each[]): Each[] =>
  [...findings].sort((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/** A member that can give access to others, and that no program allows to. */
function isForeignAdministrator({ class: name, kind, role, changes }: Judged): boolean {
  if (kind !== "membership" || !rolesIn(role).some(canGrant)) return false;
  if (name === "unmanaged" || name === "replaced") return true;
  return name === "changed" && changes.some(({ property }) => property === "role");
}

/** Somebody can do more than declared, or logs in with less protection. */
function isBroader({ class: name, changes }: Judged): boolean {
  if (name !== "changed") return false;
  return changes.some(({ property, declared, actual }) =>
    property === "role"
      ? isBroadening(compareRoles(String(declared), String(actual)))
      : property === "enableBasicAuth" && actual === true,
  );
}

/** A narrower role, or an update that did not finish. */
function isAboutAccess({ class: name, changes }: Judged): boolean {
  return name === "changed" && changes.some(({ property }) => property !== "displayName");
}

const rolesIn = (role = ""): string[] => role.split(",");
