import { pause } from "../http/cancellation.js";
import * as v from "valibot";
import type { Api } from "../http/client.js";
import { listProjects } from "./organizationLists.js";
import { ApiError, hasStatus, isNotFound } from "../http/errors.js";
import { listAll } from "./list.js";
import { knownOrganization } from "./projectOrganizations.js";

/** The project that a name is in, or names; undefined where it is in none. */
export const projectIn = (name: string): string | undefined => /^projects\/[^/]+/.exec(name)?.[0];

interface Verdicts {
  readonly gone: Set<string>;
  readonly proofs: Map<string, Promise<boolean>>;
  readonly unlisted: Map<string, Promise<boolean>>;
  readonly administered: Map<string, Promise<boolean>>;
}
const all = new WeakMap<Api, Verdicts>();

function verdictsOf(api: Api): Verdicts {
  const known: Verdicts = all.get(api) ?? {
    gone: new Set(),
    proofs: new Map(),
    unlisted: new Map(),
    administered: new Map(),
  };
  all.set(api, known);
  return known;
}

/** Whether the project that this name is in was proven to be deleted before. Everything in it is deleted, too. */
export const isInGoneProject = (api: Api, name: string): boolean =>
  verdictsOf(api).gone.has(projectIn(name) ?? "");

/**
 * Whether a project is proven to be deleted: the API answers 404 for it, we administer its organization, and the complete list of
 * the projects of that organization lacks it. An administrator of an organization sees all of its projects, so lost access is ruled
 * out. Checked once in a process.
 *
 * @throws ApiError where the API can't be asked
 */
export async function isProjectGone(api: Api, project: string): Promise<boolean> {
  const organization = knownOrganization(api, project);
  if (organization === undefined) return false;
  return once(verdictsOf(api).proofs, project, async () => {
    if (!(await isMissing(api, project)) || !(await administers(api, organization))) return false;
    const isGone = !(await isStillListed(api, () => isListed(api, project, organization)));
    if (isGone) verdictsOf(api).gone.add(project);
    return isGone;
  });
}

/**
 * Whether we administer the organization that a project was in, and it does not list the project. Then the project is most likely
 * deleted, whatever the API answers for it.
 *
 * @throws ApiError where the API can't be asked
 */
export async function isUnlisted(api: Api, project: string): Promise<boolean> {
  const organization = knownOrganization(api, project);
  if (organization === undefined) return false;
  return once(
    verdictsOf(api).unlisted,
    project,
    async () => (await administers(api, organization)) && !(await isListed(api, project, organization)),
  );
}

async function isMissing(api: Api, project: string): Promise<boolean> {
  try {
    await api.get(project);
    return false;
  } catch (error) {
    if (isNotFound(error)) return error.isApiAnswer;
    if (hasStatus(error, 403)) return false;
    throw error;
  }
}

/** What only the role organization.admin permits in an organization. A viewer reads everything, and has none of these. */
const permissionsOfAdmins = ["project.create", "organization.update"];

const administers = (api: Api, organization: string): Promise<boolean> =>
  once(verdictsOf(api).administered, organization, () => administersNow(api, organization));

/**
 * Whether we administer an organization, asked anew.
 *
 * @throws ApiError where the API can't be asked
 */
export async function administersNow(api: Api, organization: string): Promise<boolean> {
  try {
    const held = await listAll(api, `${organization}/permissions`, "permissions", v.string());
    return permissionsOfAdmins.every((permission) => held.includes(permission));
  } catch (error) {
    if (error instanceof ApiError && [403, 404].includes(error.status ?? 0)) return false;
    throw error;
  }
}

async function isListed(api: Api, project: string, organization: string): Promise<boolean> {
  const shows = (projects: readonly { readonly name: string }[]) =>
    projects.some(({ name }) => name === project);
  const projects = await listProjects(api, { organization });
  // A list without any project may come of a filter that the API takes in another way.
  return shows(projects.length > 0 ? projects : await listProjects(api));
}

/** When to look whether a list still shows what was deleted, in units of the first retry since the last look. */
const looks = [0, 1, 2, 3];

/** Whether a list shows a deleted thing even after the seconds that the list may need. */
export async function isStillListed(api: Api, isListed: () => Promise<boolean>): Promise<boolean> {
  for (const wait of looks) {
    await pause(wait * Number(api.defaults.options.context.retryDelay));
    if (!(await isListed())) return false;
  }
  return true;
}

/** One answer for all who ask. A question that could not be answered is asked again. */
function once(
  answers: Map<string, Promise<boolean>>,
  key: string,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = ask();
  answers.set(key, answer);
  answer.catch(() => answers.delete(key));
  return answer;
}
