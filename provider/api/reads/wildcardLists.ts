import * as v from "valibot";
import { parseAs, type Api } from "../http/client.js";
import type { ListedItems, PendingRead } from "./listedItems.js";
import { apiName } from "../text/apiName.js";
import type { PagedList } from "./pagedList.js";
import { idOf, parentOf } from "../text/resourceNames.js";

/** In how many projects members must be asked for before a list across projects is thought of. */
const fewest = 4;
/** Up to how many members are looked for one by one across all projects. */
const fewMembers = 2;

const path = "projects/-/members";

interface Knowledge {
  /** The organization of a project, by the project's name; undefined where it can't be told. It does not change. */
  readonly organizations: Map<string, string | undefined>;
  /** Kinds of lists that the API, or these credentials, can't have. */
  readonly refused: Set<"byMember" | "byOrganization">;
}
const known = new WeakMap<Api, Knowledge>();

/**
 * Looks for members of many projects in the lists that span them, where that is fewer requests than a list a project: all
 * memberships of one member, or all of an organization. What is not seen there is left to others. Which of their parameters such a
 * list wants is not documented: it gets what the vendor's own client sends, as far as it is known, and is given up where refused.
 */
export async function readWildcardLists(items: ListedItems, asked: readonly PendingRead[]): Promise<void> {
  const inProjects = asked.filter(({ name }) => /^projects\/[^/]+\/members\//.test(name));
  const projects = [...new Set(inProjects.map(({ name }) => parentOf(name)))];
  const soFar = items.count("projects", projects);
  if (projects.length === 0 || soFar < fewest) return;
  const knowledge = knowledgeOf(items.api);
  const isDone = () => inProjects.every((each) => items.has(each));

  // The projects of a stack are mostly of one organization.
  const present = new Set([...knowledge.organizations.values()].filter((name) => name !== undefined));
  let isExhausted = true;
  for (const organization of present) {
    if (isDone()) return;
    const isEnded = await lookIn(organization, { items, asked: inProjects, mayCost: soFar, knowledge });
    isExhausted &&= isEnded;
  }
  const stranger = projects.find((project) => !knowledge.organizations.has(project));
  if (isDone() || !isExhausted || stranger === undefined) return;
  const organization = await organizationOf(items.api, stranger);
  knowledge.organizations.set(stranger, organization);
  if (organization === undefined || present.has(organization)) return;
  await lookIn(organization, { items, asked: inProjects, mayCost: soFar, knowledge });
}

interface Search {
  readonly items: ListedItems;
  readonly asked: readonly PendingRead[];
  /** How many pages at most: a list may be far longer than what is looked for. */
  readonly mayCost: number;
  readonly knowledge: Knowledge;
}

/** @returns whether there is nothing further to be seen */
async function lookIn(
  organization: string,
  { items, asked, mayCost, knowledge: { refused } }: Search,
): Promise<boolean> {
  const members = new Set(asked.map(({ name }) => idOf(name)));
  if (items.count("members", members) <= fewMembers && asked.length >= fewest && !refused.has("byMember")) {
    const lists = [...members].map((memberId) => items.list(asked, path, { memberId, organization }));
    await Promise.all(lists.map((list) => items.readPages(list, asked, mayCost)));
    if (lists.some(isRefused)) refused.add("byMember");
  }
  if (refused.has("byOrganization") || mayCost <= 1 + Math.ceil(asked.length / 100)) return true;
  const list = items.list(asked, path, { organization });
  await items.readPages(list, asked, mayCost - list.turned);
  if (isRefused(list)) refused.add("byOrganization");
  return list.isEnded;
}

const isRefused = ({ isBroken, turned }: PagedList): boolean => isBroken && turned === 1;

function knowledgeOf(api: Api): Knowledge {
  const present: Knowledge = known.get(api) ?? { organizations: new Map(), refused: new Set() };
  known.set(api, present);
  return present;
}

const Project = v.object({ organization: apiName("organizations") });

async function organizationOf(api: Api, project: string): Promise<string | undefined> {
  try {
    return (await api.get(project).then(parseAs(Project))).organization;
  } catch {
    return undefined;
  }
}
