import * as v from "valibot";
import { apiName, organizationName } from "../text/apiName.js";

/** https://docs.developer.disruptive-technologies.com, organizations, projects and roles */
export const OrganizationBody = v.object({
  /** `organizations/O` */
  name: apiName("organizations"),
  displayName: v.optional(v.string(), ""),
});
export type OrganizationBody = v.InferOutput<typeof OrganizationBody>;

/** A place on earth. The API has null for what nobody has set. */
const LocationBody = v.object({
  latitude: v.nullish(v.number()),
  longitude: v.nullish(v.number()),
  timeLocation: v.nullish(v.string(), ""),
});

export const ProjectBody = v.object({
  /** `projects/P` */
  name: apiName("projects"),
  displayName: v.optional(v.string(), ""),
  /** `organizations/O` */
  organization: organizationName,
  organizationDisplayName: v.optional(v.string(), ""),
  inventory: v.optional(v.boolean(), false),
  labels: v.nullish(v.record(v.string(), v.string()), {}),
  location: v.nullish(LocationBody),
  sensorCount: v.nullish(v.number(), 0),
  cloudConnectorCount: v.nullish(v.number(), 0),
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
