import { setTimeout } from "node:timers/promises";
import { parseAs, type Api } from "../http/client.js";
import { ProjectBody } from "../bodies/organizations.js";
import { PagedList } from "./pagedList.js";

/** How long an operation waits for the organization, in milliseconds. After that, it continues without it. */
const patience = 5000;

/** The organization of each project, by the project's name. It does not change. */
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
    // A page shows a hundred projects, so it is worth reading as many pages as there are projects to look for.
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

/** Notes which organization a project belongs to, according to a state. */
export const noteOrganization = (api: Api, project: string, organization: string): void =>
  void directoryOf(api).organizations.set(project, organization);

/** The organization of a project, if it is known already. */
export const knownOrganization = (api: Api, project: string): string | undefined =>
  directoryOf(api).organizations.get(project);

/**
 * Asks for the organization of a project. Sends few requests for many projects, and looks for each project once in each
 * process. Never fails, and never waits longer than `patience`.
 */
export async function organizationOf(api: Api, project: string): Promise<string | undefined> {
  const known = knownOrganization(api, project);
  if (known !== undefined) return known;
  await Promise.race([directoryOf(api).lookFor(project), setTimeout(patience, undefined, { ref: false })]);
  return knownOrganization(api, project);
}
