import type { MemberBody } from "../../provider/api/bodies/members.js";

/** Several roles are shown as they are, so that they differ from any one. */
export const roleIn = ({ roles }: MemberBody): string => roles.join(",");

/** Whether an invitation waits, or has expired. */
export const isPending = ({ status }: MemberBody): boolean => status === "PENDING" || status === "EXPIRED";
