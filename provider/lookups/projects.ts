import { listProjects } from "../api/bodies/organizations.js";
import { printable } from "../api/text/foreignText.js";
import { resourceName } from "../contract/inputs.js";
import type { Session } from "../session/session.js";
import { optional } from "./named.js";

/** Counts and places are left out: they change, and are no matter of access. */
export interface Project {
  /** `projects/P` */
  readonly name: string;
  readonly displayName: string;
  /** `organizations/O` */
  readonly organization: string;
  readonly organizationDisplayName: string;
  /** Whether it is the one that was made with the organization. */
  readonly inventory: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ProjectFilter {
  /** Bare id or `organizations/ID`. @default all organizations in reach */
  readonly organization?: string | undefined;
  /** The exact name of one, or of some. One that nothing bears is an error: a renamed project must not look like a revoked one. */
  readonly displayName?: string | readonly string[] | undefined;
  /** Labels that a project must have, with these values. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** A keyword in the names of a project or its organization; how it matches is the API's matter. */
  readonly query?: string | undefined;
}

/**
 * The projects in reach that all filters fit, in the API's order.
 * @internal
 */
export async function getProjects({ api, identity }: Session, filter: ProjectFilter): Promise<Project[]> {
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
