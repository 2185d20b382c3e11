import { OrganizationBody, ProjectBody, RoleBody } from "../bodies/organizations.js";
import type { Api } from "../http/client.js";
import { listAll } from "./list.js";

export const listOrganizations = (api: Api): Promise<OrganizationBody[]> =>
  listAll(api, "organizations", "organizations", OrganizationBody);

/** All visible projects. @param query `organization` by its full name, and `query`, a keyword */
export const listProjects = (
  api: Api,
  query: Readonly<Record<string, string>> = {},
): Promise<ProjectBody[]> => listAll(api, "projects", "projects", ProjectBody, query);

export const listRoles = (api: Api): Promise<RoleBody[]> => listAll(api, "roles", "roles", RoleBody);
