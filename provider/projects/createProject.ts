import * as v from "valibot";
import { parseAs } from "../api/http/client.js";
import { hasStatus } from "../api/http/errors.js";
import { noteCreation } from "../api/http/recentlyCreated.js";
import { ProjectBody } from "../api/bodies/organizations.js";
import { find, idOf } from "../api/reads/find.js";
import { listProjects } from "../api/reads/organizationLists.js";
import { noteOrganization } from "../api/reads/projectOrganizations.js";
import { notice } from "../api/text/notice.js";
import { createNamed, namedOrphans, type NamedKind } from "../recovery/createNamed.js";
import { isAccountedFor } from "../recovery/journal.js";
import type { Session } from "../session/session.js";
import { holderOf, isDeclared, type Holder } from "../stack/claims.js";
import { adviceFor } from "../stack/renames.js";
import { nameIn } from "../stack/urns.js";
import { readProject, type PresentProject, type WantedProject } from "./changes.js";

const projects: NamedKind<ProjectBody> = {
  kind: "project",
  noun: "project",
  list: (api, organization) => projectsOf(api, organization),
  find: (api, name) => find(api, name, ProjectBody),
  // The API doesn't say when a project was created.
  createTimeOf: () => "",
};

export const projectOrphans = namedOrphans(projects);

/** The visible projects of an organization. */
export async function projectsOf(api: Session["api"], organization: string): Promise<ProjectBody[]> {
  const found = await listProjects(api, { organization });
  return found.filter((body) => body.organization === organization || body.organization === "");
}

/**
 * Creates exactly one project: see {@link createNamed}.
 *
 * @returns the project, which may still differ from the declared one, and whether a POST of this run has created it
 * @throws Error if another resource of the stack holds a project of this name
 */
export async function createProject(
  wanted: WantedProject & { readonly organization: string },
  urn: string,
  session: Session,
): Promise<{ body: ProjectBody; isNew: boolean }> {
  const { organization, displayName, location } = wanted;
  const InOrganization = v.pipe(
    ProjectBody,
    v.check((body) => body.organization === organization || body.organization === ""),
  );
  let isNew = false;
  const post = async (): Promise<ProjectBody> => {
    const json = { organization, displayName, ...(location === undefined ? {} : { location }) };
    const body = await session.api.post("projects", { json }).then(parseAs(InOrganization));
    noteCreation(body.name);
    isNew = true;
    return body;
  };
  const creation = {
    parent: organization,
    displayName,
    post: () => post().catch((error: unknown) => explainRefusal(error, organization)),
    meetNamesakes: (namesakes: readonly ProjectBody[]) => meetNamesakes(namesakes, urn),
  };
  const body = await createNamed(projects, creation, urn, session);
  // Everything in the project asks for its organization.
  noteOrganization(session.api, body.name, organization);
  return { body, isNew };
}

/**
 * Reads a created project again: the answer to its creation may lack what the API adds. Nobody has given a new project
 * labels yet, so the API itself has set the ones that it has.
 */
export async function readCreated(
  { body: { name }, isNew }: { readonly body: ProjectBody; readonly isNew: boolean },
  session: Session,
): Promise<PresentProject> {
  const body = await readProject(name, session);
  return { body, apiLabels: isNew ? Object.keys(body.labels) : [] };
}

/** Refuses a second project of one name in a stack, and reports one outside it. */
async function meetNamesakes(namesakes: readonly ProjectBody[], urn: string): Promise<void> {
  for (const { name, displayName, organization } of namesakes) {
    const holder = await holderOf(name, urn);
    if (holder !== undefined && holder.urn !== urn)
      throw new Error(
        `${organization} has a project "${displayName}" already, ${name}, and ${heldBy(holder, urn, name)}`,
      );
    if (holder === undefined && !isAccountedFor(name))
      notice(
        `${name} bears the name "${displayName}", too, so ${organization} now has two projects of this name. If you meant that project, or if an interrupted run made it, set adopt: "${idOf(name)}" instead`,
      );
  }
}

function heldBy(holder: Holder, urn: string, project: string): string {
  const name = nameIn(holder.urn);
  return isDeclared(holder)
    ? `"${name}" of this program holds it. If "${name}" gets another display name in this run, run \`pulumi up\` again. Otherwise give this project another display name`
    : `"${name}" of this stack holds it. If you have renamed or moved the resource, ${adviceFor(holder.urn, urn)}. To move it without an alias, set adopt: "${idOf(project)}"`;
}

function explainRefusal(error: unknown, organization: string): never {
  if (hasStatus(error, 403))
    error.message += `. Only an administrator of ${organization} can create projects in it: declare an OrgAdminBinding for that account, or adopt a project that an administrator created`;
  if (hasStatus(error, 409))
    error.message += `; if ${organization} has a project of this name that you can't see or that you want to manage, set adopt to its id, or choose another display name`;
  throw error;
}
