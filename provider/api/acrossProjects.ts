import * as v from "valibot";
import { as, type Api } from "./client.js";
import type { Asked, Lookout } from "./coalesced.js";
import type { Listing } from "./listing.js";
import { idOf, parentOf } from "./names.js";

/** In how many projects members must be asked for before a list across projects is thought of. */
const fewest = 4;
/** Up to how many members are looked for one by one across all projects. */
const fewMembers = 2;

const path = "projects/-/members";

interface Knowledge {
  /** The organization of a project, by its name; undefined where it can't be told. */
  readonly organizations: Map<string, Promise<string | undefined>>;
  /** Kinds of lists that the API, or these credentials, can't have. */
  readonly refused: Set<"byMember" | "byOrganization">;
}
const known = new WeakMap<Api, Knowledge>();

/**
 * Looks for members of many projects in the lists that span them, where that is fewer requests than a list a project: all
 * memberships of one member, or all of an organization. What is not seen there is left to others. Which of their parameters such a
 * list wants is not documented: it gets what the vendor's own client sends, as far as it is known, and is given up where refused.
 */
export async function lookAcrossProjects(lookout: Lookout, asked: readonly Asked[]): Promise<void> {
  const inProjects = asked.filter(({ name }) => /^projects\/[^/]+\/members\//.test(name));
  const projects = new Set(inProjects.map(({ name }) => parentOf(name)));
  const soFar = lookout.countProjects(projects);
  const [project] = projects;
  if (project === undefined || soFar < fewest) return;
  const { organizations, refused } = knowledgeOf(lookout.api);
  const organization = await organizationOf(lookout.api, project, organizations);
  if (organization === undefined) return;

  const members = new Set(inProjects.map(({ name }) => idOf(name)));
  if (members.size <= fewMembers && projects.size >= fewest && !refused.has("byMember")) {
    const listings = [...members].map((memberId) =>
      lookout.listing(inProjects, path, { memberId, organization }),
    );
    await Promise.all(listings.map((listing) => lookout.read(listing, inProjects, projects.size)));
    if (listings.some(isRefused)) refused.add("byMember");
  }
  if (inProjects.every((each) => lookout.sees(each)) || refused.has("byOrganization")) return;
  if (soFar <= 1 + Math.ceil(inProjects.length / 100)) return;
  const listing = lookout.listing(inProjects, path, { organization });
  // It may be far longer than what is looked for: no more pages than lists of projects.
  await lookout.read(listing, inProjects, soFar - listing.turned);
  if (isRefused(listing)) refused.add("byOrganization");
}

const isRefused = ({ isBroken, turned }: Listing): boolean => isBroken && turned === 1;

function knowledgeOf(api: Api): Knowledge {
  const present: Knowledge = known.get(api) ?? { organizations: new Map(), refused: new Set() };
  known.set(api, present);
  return present;
}

const Project = v.object({ organization: v.pipe(v.string(), v.nonEmpty()) });

/** Which organization a project is in: that does not change. */
function organizationOf(
  api: Api,
  project: string,
  organizations: Knowledge["organizations"],
): Promise<string | undefined> {
  const asked =
    organizations.get(project) ??
    api
      .get(project)
      .then(as(Project))
      .then(
        ({ organization }) => organization,
        () => undefined,
      );
  organizations.set(project, asked);
  return asked;
}
