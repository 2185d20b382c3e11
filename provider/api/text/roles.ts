/** The roles in a project, the weakest first. */
export const projectRoles = [
  "roles/project.user",
  "roles/project.operator",
  "roles/project.developer",
  "roles/project.admin",
] as const;

/** The role of an organization's administrators. It reaches all projects of the organization. */
export const organizationAdmin = "roles/organization.admin";

const ranked: readonly string[] = [...projectRoles, organizationAdmin];

/** The position of a role among the known roles, the weakest first. -1 if the role is not known. */
export const rankOf = (role: string): number => ranked.indexOf(role);
