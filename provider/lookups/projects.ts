import { listProjects } from "../api/reads/organizationLists.js";
import { printable } from "../api/text/foreignText.js";
import { resourceName } from "../contract/inputs.js";
import type { Session } from "../session/session.js";
import { optional } from "./named.js";

/** A project, without counts and locations: they change, and have nothing to do with access. */
export interface ProjectInfo {
  /** The API name, `projects/P`. */
  readonly name: string;
  /** The name that people see. */
  readonly displayName: string;
  /** The organization that owns the project, `organizations/O`. */
  readonly organization: string;
  /** The name of the organization that people see. */
  readonly organizationDisplayName: string;
  /** Whether it is the project that was created with the organization. */
  readonly inventory: boolean;
  /** The labels, with their values. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Selects projects. A project must match everything that is given. */
export interface ProjectFilter {
  /** The organization, as a bare id or `organizations/ID`. @default all visible organizations */
  readonly organization?: string | undefined;
  /**
   * One or more exact names. If no project has one of the names, that is an error: renaming a project must not look
   * like revoking access.
   */
  readonly displayName?: string | readonly string[] | undefined;
  /** The labels that a project must have, with their values. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** A keyword in the names of a project or its organization. The API decides how it matches. */
  readonly query?: string | undefined;
}

/**
 * The visible projects that match all filters, in the API's order.
 * @internal
 * @throws Error if no visible project has one of the display names
 */
export async function getProjects({ api, identity }: Session, filter: ProjectFilter): Promise<ProjectInfo[]> {
  const { displayName, labels = {}, query } = filter;
  const organization = optional("organization", resourceName("organizations"), filter.organization);
  const all = await listProjects(api, {
    ...(organization === undefined ? {} : { organization }),
    ...(query === undefined ? {} : { query }),
  });
  const names = displayName === undefined ? undefined : [displayName].flat();
  for (const name of names ?? []) {
    if (all.some((project) => project.displayName === name)) continue;
    throw new Error(
      `no project is called "${printable(name)}", as ${identity} sees ${organization ?? "the cloud"}`,
    );
  }
  return all.filter(
    (project) =>
      (names === undefined || names.includes(project.displayName)) &&
      Object.entries(labels).every(([label, value]) => project.labels[label] === value),
  );
}
