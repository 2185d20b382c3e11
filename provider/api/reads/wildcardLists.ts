import * as v from "valibot";
import { parseAs, type Api } from "../http/client.js";
import type { ListedItems, PendingRead } from "./listedItems.js";
import { apiName } from "../text/apiName.js";
import type { PagedList } from "./pagedList.js";
import { idOf, parentOf } from "../text/resourceNames.js";

/** The smallest number of projects with wanted members for which a list across projects is considered. */
const fewest = 4;
/** The largest number of members that are looked for one by one across all projects. */
const fewMembers = 2;

const path = "projects/-/members";

interface Knowledge {
  /**
   * The organization of each project, by the project's name; undefined if it can't be determined. It does not change.
   */
  readonly organizations: Map<string, string | undefined>;
  /** The kinds of lists that the API does not offer, or not to these credentials. */
  readonly refused: Set<"byMember" | "byOrganization">;
}
const known = new WeakMap<Api, Knowledge>();

/**
 * Looks for members of many projects in the lists that span projects, if that takes fewer requests than a list for each
 * project. Such a list shows all memberships of one member, or all of an organization. Other reads look for the members
 * that are still missing.
 *
 * The API's documentation does not say which parameters such a list needs. We send the same ones as the vendor's own
 * client, as far as they are known, and stop using a list that the API refuses.
 */
export async function readWildcardLists(items: ListedItems, asked: readonly PendingRead[]): Promise<void> {
  const inProjects = asked.filter(({ name }) => /^projects\/[^/]+\/members\//.test(name));
  const projects = [...new Set(inProjects.map(({ name }) => parentOf(name)))];
  const soFar = items.count("projects", projects);
  if (projects.length === 0 || soFar < fewest) return;
  const knowledge = knowledgeOf(items.api);
  const isDone = () => inProjects.every((each) => items.has(each));

  // Most projects of a stack belong to one organization.
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
  /** The largest number of pages to read: a list may be far longer than the number of wanted members. */
  readonly mayCost: number;
  readonly knowledge: Knowledge;
}

/** @returns whether these lists can't show any further members */
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
