import { ProjectBody } from "../api/bodies/organizations.js";
import { find } from "../api/reads/find.js";
import { noteOrganization } from "../api/reads/projectOrganizations.js";
import { notice } from "../api/text/notice.js";
import {
  displayName,
  oneOf,
  optionalFlag,
  optionalText,
  optionalTextMap,
  resourceName,
} from "../contract/inputs.js";
import { finishCreation, type Created, type Resource } from "../contract/resource.js";
import { announceProjectAdoption, takeOver } from "../projects/adoptProject.js";
import { bringTo, readProject, type PresentProject } from "../projects/changes.js";
import { createProject, readCreated } from "../projects/createProject.js";
import { deleteEmpty } from "../projects/deletion.js";
import { declaredPart, knownPart, optionalLocation, type Location } from "../projects/location.js";
import { resolveProjectId } from "./importIds.js";

export interface ProjectInputs {
  readonly organization: string;
  readonly displayName: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly location?: Location | undefined;
  /** Name, id or display name of a project to adopt. */
  readonly adopt?: string | undefined;
  readonly deletion: "empty" | "retain";
  readonly allowLockout?: true | undefined;
}

export interface ProjectOutputs {
  readonly organizationDisplayName: string;
  readonly inventory: boolean;
  /** The labels that the API sets itself. Absent if there are none. */
  readonly apiLabels?: readonly string[] | undefined;
}

export const projectResource: Resource<ProjectInputs, ProjectOutputs> = {
  check: {
    organization: resourceName("organizations"),
    displayName,
    labels: optionalTextMap,
    location: optionalLocation,
    adopt: optionalText,
    deletion: oneOf("empty", "retain"),
    allowLockout: optionalFlag,
  },
  // People can't tell two projects of one name apart.
  declares: ({ organization, displayName, adopt }) =>
    adopt === undefined
      ? `${organization}/projects/${displayName}`
      : `projects/${adopt.replace(/^projects\//, "")}`,
  onChange: {
    // A change is refused below.
    organization: "update",
    displayName: "update",
    labels: "update",
    location: "update",
    adopt: "ignore",
    deletion: "update",
    allowLockout: "update",
  },
  computed: "organizationDisplayName",
  outputs: { organizationDisplayName: "plain", inventory: "plain" },
  moves: () => [],
  resolveId: resolveProjectId,

  /** The API can't move a project, and a replacement would give up everything in it. */
  guardChange({ id, state, inputs }) {
    if (inputs.organization === state.organization) return;
    throw new Error(
      `${id} is in ${state.organization} and can't move to ${inputs.organization}: the API has no such call, and a replacement would give up what is in the project. Declare a project in ${inputs.organization} under another resource name, move what uses the old one, and then remove the old one`,
    );
  },

  async create(inputs, session, urn) {
    const { adopt } = inputs;
    if (adopt !== undefined) return createdFrom(await takeOver(adopt, inputs, urn, session));
    const made = await createProject(inputs, urn, session);
    const created = createdFrom({ body: made.body, apiLabels: [] });
    return createdFrom(
      await finishCreation(created, async () => bringTo(inputs, await readCreated(made, session), session)),
    );
  },

  async announceAdoption(inputs, session) {
    if (inputs.adopt !== undefined) await announceProjectAdoption(inputs.adopt, inputs, session);
  },

  async read(id, state, { api }) {
    const isLookUp = (state.organizationDisplayName as string | undefined) === undefined;
    // The organization proves that a project that answers 404 is gone.
    if (!isLookUp) noteOrganization(api, id, state.organization);
    const body = await find(api, id, ProjectBody);
    if (body === undefined) return undefined;
    const { labels = {}, location, apiLabels = [] } = state;
    const present = Object.entries(body.labels).filter(
      ([label]) => Object.hasOwn(labels, label) || !apiLabels.includes(label),
    );
    const managesLabels = isLookUp ? present.length > 0 : state.labels !== undefined;
    const place = isLookUp ? knownPart(body) : location && declaredPart(location, body);
    return {
      actual: {
        organization: body.organization || state.organization,
        displayName: body.displayName,
        ...(managesLabels ? { labels: Object.fromEntries(present) } : {}),
        ...(place === undefined ? {} : { location: place }),
      },
      outputs: toOutputs({ body, apiLabels }),
    };
  },

  async update(id, state, inputs, session) {
    noteOrganization(session.api, id, inputs.organization);
    const present = { body: await readProject(id, session), apiLabels: state.apiLabels ?? [] };
    return toOutputs(await bringTo(inputs, present, session));
  },

  async delete(id, state, session, isKept) {
    if (await isKept(id)) return;
    noteOrganization(session.api, id, state.organization);
    if (state.deletion === "retain") {
      notice(`left ${id} ("${state.displayName}") in the cloud, because its deletion is "retain"`);
      return;
    }
    const body = await find(session.api, id, ProjectBody);
    if (body !== undefined) await deleteEmpty(body, state, session);
  },
};

const createdFrom = (present: PresentProject): Created<ProjectOutputs> => ({
  id: present.body.name,
  outputs: toOutputs(present),
});

const toOutputs = ({ body, apiLabels }: PresentProject): ProjectOutputs => ({
  organizationDisplayName: body.organizationDisplayName,
  inventory: body.inventory,
  apiLabels: apiLabels.length === 0 ? undefined : apiLabels,
});
