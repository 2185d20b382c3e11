import { projectIn } from "./api/goneProjects.js";
import { noteOrganization, organizationOf } from "./api/projectOrganizations.js";
import type { Session } from "./session.js";

/**
 * The organization of the project that a resource is in, by its state, or else as the API tells. It is recorded while the project
 * exists: nobody can tell where a deleted project was. Never fails, and costs few requests for many resources.
 */
export async function projectOrganizationOf(
  properties: object,
  session: Session,
): Promise<string | undefined> {
  const project = projectOf(properties);
  if (project === undefined) return undefined;
  return noteHome(properties, session) ?? (await organizationOf(session.api, project));
}

/** Notes what a state tells of it, without a request. */
export function noteHome(properties: object, { api }: Session): string | undefined {
  const project = projectOf(properties);
  const { projectOrganization } = properties as Record<string, unknown>;
  if (project === undefined || typeof projectOrganization !== "string") return undefined;
  noteOrganization(api, project, projectOrganization);
  return projectOrganization;
}

function projectOf(properties: object): string | undefined {
  const { project, serviceAccount } = properties as Record<string, unknown>;
  const name = project ?? serviceAccount;
  return typeof name === "string" ? projectIn(name) : undefined;
}
