import * as v from "valibot";
import { apiName, organizationName } from "../text/apiName.js";

/** https://docs.developer.disruptive-technologies.com, organizations, projects and roles */
export const OrganizationBody = v.object({
  /** `organizations/O` */
  name: apiName("organizations"),
  displayName: v.optional(v.string(), ""),
});
export type OrganizationBody = v.InferOutput<typeof OrganizationBody>;

export const ProjectBody = v.object({
  /** `projects/P` */
  name: apiName("projects"),
  displayName: v.optional(v.string(), ""),
  /** `organizations/O` */
  organization: organizationName,
  organizationDisplayName: v.optional(v.string(), ""),
  inventory: v.optional(v.boolean(), false),
  labels: v.optional(v.record(v.string(), v.string()), {}),
});
export type ProjectBody = v.InferOutput<typeof ProjectBody>;

export const RoleBody = v.object({
  /** `roles/project.user` */
  name: v.string(),
  displayName: v.optional(v.string(), ""),
  description: v.optional(v.string(), ""),
  permissions: v.optional(v.array(v.string()), []),
});
export type RoleBody = v.InferOutput<typeof RoleBody>;
