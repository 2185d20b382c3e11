import type { MemberBody } from "../../provider/api/bodies/members.js";

/** The member's role. Several roles are joined, so the result differs from every single role. */
export const roleIn = ({ roles }: MemberBody): string => roles.join(",");

/** Whether an invitation is pending or has expired. */
export const isPending = ({ status }: MemberBody): boolean => status === "PENDING" || status === "EXPIRED";
