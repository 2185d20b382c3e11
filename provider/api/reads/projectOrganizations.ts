import { setTimeout } from "node:timers/promises";
import { parseAs, type Api } from "../http/client.js";
import { ProjectBody } from "../bodies/organizations.js";
import { PagedList } from "./pagedList.js";

/** How long an operation waits to be told, in milliseconds: it goes on without. */
const patience = 5000;

/** Which organization each project belongs to, by the projects' names. It does not change. */
class Directory {
  readonly organizations = new Map<string, string>();
  readonly #listing: PagedList<typeof ProjectBody>;
  readonly #looks = new Map<string, Promise<void>>();

  constructor(private readonly api: Api) {
    const list = { path: "projects", field: "projects", item: ProjectBody };
    this.#listing = new PagedList(api, "projects", list, (item) => this.#note(item));
  }

  /** Looks for a project, once. Never fails. */
  async lookFor(project: string): Promise<void> {
    const look = this.#looks.get(project) ?? this.#look(project);
    this.#looks.set(project, look);
    await look;
  }

  async #look(project: string): Promise<void> {
    const isWanted = () => !this.organizations.has(project);
    // A page tells of a hundred projects, so as many pages are worth it as there are projects to ask for.
    while (isWanted() && !this.#listing.isEnded && this.#listing.turned < this.#looks.size + 1)
      await this.#listing.turn();
    if (!isWanted()) return;
    await this.api
      .get(project, { retry: { limit: 0, calculateDelay: () => 0 } })
      .then(parseAs(ProjectBody))
      .then((body) => this.#note(body))
      .catch(() => undefined);
  }

  #note({ name, organization }: ProjectBody): void {
    if (organization !== "") this.organizations.set(name, organization);
  }
}

const directories = new WeakMap<Api, Directory>();

function directoryOf(api: Api): Directory {
  const known = directories.get(api) ?? new Directory(api);
  directories.set(api, known);
  return known;
}

/** Notes what a state tells: which organization a project belongs to. */
export const noteOrganization = (api: Api, project: string, organization: string): void =>
  void directoryOf(api).organizations.set(project, organization);

/** The organization of a project, as far as it is known by now. */
export const knownOrganization = (api: Api, project: string): string | undefined =>
  directoryOf(api).organizations.get(project);

/**
 * Asks for the organization of a project: few requests for many projects, and one look at each in a process. Never fails, and never
 * takes long.
 */
export async function organizationOf(api: Api, project: string): Promise<string | undefined> {
  const known = knownOrganization(api, project);
  if (known !== undefined) return known;
  await Promise.race([directoryOf(api).lookFor(project), setTimeout(patience, undefined, { ref: false })]);
  return knownOrganization(api, project);
}
