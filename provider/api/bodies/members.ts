import * as v from "valibot";
import { apiName } from "../text/apiName.js";

/** A membership of a project or an organization. Enumerations are open sets: an unknown value is not an error. */
export const MemberBody = v.object({
  /** `projects/P/members/M` or `organizations/O/members/M` */
  name: apiName("projects/members", "organizations/members"),
  displayName: v.optional(v.string(), ""),
  roles: v.array(v.string()),
  status: v.optional(v.string(), ""),
  email: v.string(),
  accountType: v.optional(v.string(), ""),
  /** Unreliable for members: may be null or 1970. */
  createTime: v.nullish(v.string(), ""),
});
export type MemberBody = v.InferOutput<typeof MemberBody>;

/** Whether a project lists this member only because the member is an administrator of its organization. */
export const isInherited = ({ name, roles }: Pick<MemberBody, "name" | "roles">): boolean =>
  name.startsWith("projects/") && roles.some((role) => role.startsWith("roles/organization."));
