import { compareRoles } from "../../access/roles.js";
import { organizationAdmin, rankOf } from "../../provider/api/text/roles.js";
import { classes, type Finding } from "./finding.js";

/**
 * How dangerous a finding is. A smaller number is more dangerous: an undeclared administrator of an organization comes
 * first, then one of a project, then undeclared keys and accounts, then other undeclared members by their role, and
 * then the other classes.
 */
export function severity(finding: Pick<Finding, "class" | "kind" | "role" | "changes">): number {
  if (finding.class === "unmanaged") return ofUnmanaged(finding);
  const position = 100 * (1 + classes.indexOf(finding.class));
  return finding.class === "changed" ? position + ofChange(finding) : position;
}

/** The most dangerous first. The order depends only on the findings. */
export const dangerousFirst = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort((a, b) => severity(a) - severity(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

function ofUnmanaged({ kind, role = "" }: Pick<Finding, "kind" | "role">): number {
  const roles = role.split(",");
  if (roles.includes(organizationAdmin)) return 0;
  if (roles.includes("roles/project.admin")) return 1;
  if (kind === "key") return 2;
  if (kind === "serviceAccount") return 3;
  // Nobody knows what a role gives that has no rank, so it comes before the roles that are known.
  const ranks = roles.map(rankOf);
  return ranks.includes(-1) ? 10 : 20 - Math.max(...ranks);
}

/** A role that became broader comes before one that became narrower, and before another property. */
function ofChange({ changes }: Pick<Finding, "changes">): number {
  const role = changes.find(({ property }) => property === "role");
  if (role === undefined) return 3;
  const change = compareRoles(String(role.declared), String(role.actual ?? ""));
  return change === "broader" ? 0 : change === "different" ? 1 : 2;
}
