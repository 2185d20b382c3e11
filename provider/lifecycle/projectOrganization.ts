import { projectIn } from "../api/reads/deletedProjects.js";
import { knownOrganization, noteOrganization, organizationOf } from "../api/reads/projectOrganizations.js";
import type { Session } from "../session/session.js";

/**
 * The organization of the project that a resource is in: from its state, or else from the API. It must be recorded
 * while the project exists, because the API can't tell the organization of a deleted project. Never fails, and sends
 * few requests for many resources.
 */
export async function projectOrganizationOf(
  properties: object,
  session: Session,
): Promise<string | undefined> {
  const project = projectOf(properties);
  if (project === undefined) return undefined;
  return noteProjectOrganization(properties, session) ?? (await organizationOf(session.api, project));
}

/** The same without a request. Notes the organization in the state, for other resources in the same project. */
export function noteProjectOrganization(properties: object, { api }: Session): string | undefined {
  const project = projectOf(properties);
  const { projectOrganization } = properties as Record<string, unknown>;
  if (project === undefined) return undefined;
  if (typeof projectOrganization !== "string") return knownOrganization(api, project);
  noteOrganization(api, project, projectOrganization);
  return projectOrganization;
}

function projectOf(properties: object): string | undefined {
  const { project, serviceAccount } = properties as Record<string, unknown>;
  const name = project ?? serviceAccount;
  return typeof name === "string" ? projectIn(name) : undefined;
}
