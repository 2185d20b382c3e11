import { ProjectBody } from "../api/bodies/organizations.js";
import { find } from "../api/reads/find.js";
import { listProjects } from "../api/reads/organizationLists.js";
import { printable } from "../api/text/foreignText.js";
import { resourceName } from "../contract/inputs.js";
import { InvalidInput } from "../contract/resource.js";
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

/** Selects one project, by its name or by anything that only it has. */
export interface ProjectQuery {
  /** The project, as a bare id or `projects/ID`. */
  readonly name?: string | undefined;
  /** The organization, as a bare id or `organizations/ID`. @default all visible organizations */
  readonly organization?: string | undefined;
  /** The name that people see. */
  readonly displayName?: string | undefined;
  /** The labels that the project must have, with their values. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * Finds one project.
 * @internal
 * @throws Error if no visible project matches, or more than one
 */
export async function getProject(session: Session, query: ProjectQuery): Promise<ProjectInfo> {
  const { displayName, labels, organization } = query;
  const name = optional("name", resourceName("projects"), query.name);
  if (name !== undefined) {
    const body = await find(session.api, name, ProjectBody);
    if (body === undefined) throw new Error(`${name} does not exist, as ${session.identity} sees it`);
    return toInfo(body);
  }
  if (displayName === undefined && (labels === undefined || Object.keys(labels).length === 0))
    throw new InvalidInput("pass name, or displayName or labels");
  const [found, ...others] = await getProjects(session, { displayName, labels, organization });
  if (found === undefined)
    throw new Error(
      `no project has the labels ${printable(JSON.stringify(labels))}, as ${session.identity} sees it`,
    );
  if (others.length === 0) return found;
  const names = [found, ...others].map((each) => `${each.name} (${printable(each.displayName)})`);
  throw new Error(`several projects match, ${names.join(" and ")}: give name instead`);
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
  return all
    .filter(
      (project) =>
        (names === undefined || names.includes(project.displayName)) &&
        Object.entries(labels).every(([label, value]) => project.labels[label] === value),
    )
    .map(toInfo);
}

const toInfo = ({
  name,
  displayName,
  organization,
  organizationDisplayName,
  inventory,
  labels,
}: ProjectBody): ProjectInfo => ({
  name,
  displayName,
  organization,
  organizationDisplayName,
  inventory,
  labels,
});
