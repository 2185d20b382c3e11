import * as v from "valibot";
import { apiName, organizationName } from "../../provider/api/text/apiName.js";
import type { Api } from "../../provider/api/http/client.js";
import { listAll } from "../../provider/api/reads/list.js";
import type { ListReader } from "./lists.js";

/** Something that a report doesn't cover, and why. */
export interface NotLookedAt {
  readonly what: string;
  readonly why: string;
}

const Owned = v.object({ name: apiName("projects"), organization: organizationName });

/**
 * The organizations of the projects, if their members are not read. Their administrators have full access to the
 * projects. Needs only one list of projects.
 */
export async function unreadOrganizations(
  api: Api,
  projects: readonly string[],
  isRead: (organization: string) => boolean,
  reader: ListReader,
): Promise<NotLookedAt[]> {
  if (projects.length === 0) return [];
  const all = await reader.read(() => listAll(api, "projects", "projects", Owned));
  if (all.failure !== undefined) {
    const why = `which organizations these are could not be read: ${all.failure.reason}`;
    return [{ what: "administrators of the organizations that the projects belong to", why }];
  }
  const ours = new Set(projects);
  const organizations = all.items.flatMap(({ name, organization }) => (ours.has(name) ? [organization] : []));
  return [...new Set(organizations)]
    .filter((organization) => organization !== "" && !isRead(organization))
    .map((organization) => ({ what: `${organization}/members`, why: nothingDeclared }));
}

const nothingDeclared =
  "nothing is declared or accepted in this organization, so its administrators are not compared; an OrganizationAccess or an OrgAdminBinding there has them looked at";
