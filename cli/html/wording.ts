import type { RecordedAccess, RecordedKey } from "../access/record.js";
import type { Standing } from "../access/standing.js";

/** `admin` for `roles/project.admin`. A role that this version does not know keeps its name. */
export const shortRole = (role: string): string =>
  role
    .split(",")
    .map((each) => each.replace(/^roles\//, "").replace(/^(project\.|organization\.(?=admin$))/, ""))
    .join(" + ");

/** Both sides: the role in the cloud, and the declared role if it is another one. */
export function sides({
  role,
  declared,
  standing,
}: Pick<RecordedAccess, "role" | "declared" | "standing">): string {
  const present = role !== "" ? shortRole(role) : standing === "unread" ? "not read" : "none";
  if (role === "" && declared === "") return `${present}, declared`;
  return declared === "" || declared === role ? present : `${present}, declared ${shortRole(declared)}`;
}

const remarks: Readonly<Record<Standing, string>> = {
  undeclared: "not declared",
  replaced: "another member with the declared email",
  changed: "",
  expired: "has ended",
  missing: "missing",
  unread: "could not be read",
  unchecked: "not compared",
  accepted: "accepted",
  listed: "in the list of members",
  self: "runs Pulumi",
  inherited: "inherited",
  leaving: "the next pulumi up removes it",
  declared: "",
};

/** The remark about a standing. Empty if everything is as declared. */
export const remarkOf = (standing: Standing): string => remarks[standing];

/**
 * The remarks about access, besides the roles.
 *
 * @param organization the name of the organization whose administration gives the access
 */
export const remarksOf = (
  { standing, reason, status, until }: Pick<RecordedAccess, "standing" | "reason" | "status" | "until">,
  organization: string,
): string =>
  [
    standing === "inherited" ? `administrator of ${organization}` : remarkOf(standing),
    reason,
    invitations[status] ?? "",
    until === "" ? "" : `until ${dayOf(until)}`,
  ]
    .filter((text) => text !== "")
    .join("; ");

const invitations: Partial<Record<string, string>> = {
  PENDING: "invited, not accepted yet",
  EXPIRED: "invitation expired",
};

/** The last day of access that ends with a day, or else the time. */
function dayOf(until: string): string {
  const last = new Date(Date.parse(until) - 1).toISOString();
  return last.endsWith("T23:59:59.999Z") ? last.slice(0, 10) : `${until.slice(0, 16).replace("T", " ")} UTC`;
}

/** Such as `12 days, not declared`. */
export const keyRemarks = ({ days, standing }: Pick<RecordedKey, "days" | "standing">): string =>
  [
    days === null ? (standing === "missing" ? "" : "age unknown") : `${days} ${days === 1 ? "day" : "days"}`,
    remarkOf(standing),
  ]
    .filter((text) => text !== "")
    .join(", ");
