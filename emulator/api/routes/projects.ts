import * as v from "valibot";
import { ApiError } from "../../cloud/apiError";
import { createProject, deleteProject } from "../../cloud/projects";
import type { Project } from "../../cloud/resources";
import { finiteNumber, protoMessage, stringMap } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { created, deleted, ok } from "../outcome";
import { route } from "../route";
import { checkBatchNotEmpty } from "./memberBatches";
import { organizationFilter } from "./organizationFilter";
import { withExtraFields } from "./responseBodies";
import { applyUpdateMask } from "./updateMask";

const location = protoMessage({
  latitude: v.exactOptional(finiteNumber),
  longitude: v.exactOptional(finiteNumber),
  timeLocation: v.exactOptional(v.string()),
});
type Location = Project["location"];
const unset: Location = { latitude: null, longitude: null, timeLocation: "" };
const newProject = protoMessage({
  organization: v.string(),
  displayName: v.string(),
  location: v.optional(location),
});
const projectChanges = protoMessage({ displayName: v.optional(v.string()), location: v.optional(location) });
const labelChanges = protoMessage({
  projects: v.optional(v.array(v.pipe(v.string(), v.regex(/^projects\/[^/]+$/))), []),
  addLabels: v.optional(stringMap, {}),
  removeLabels: v.optional(v.array(v.string()), []),
});

const nameOf = (call: Call<{ project: string }>): string => `projects/${call.params.project}`;

/** Projects and their labels. */
export const projectRoutes = [
  route("GET", "projects", (call) => {
    const { projects } = call.cloud;
    const organization = organizationFilter(call);
    const keyword = call.query.get("query")?.toLowerCase() ?? "";
    const found = call
      .visibleInLists("projects", projects.list())
      .filter((project) => !organization || project.organization === organization)
      .filter((project) =>
        `${project.displayName}\n${organizationName(call, project)}`.toLowerCase().includes(keyword),
      )
      .filter(({ name }) => call.hasPermission("project.read", name));
    const of = {
      list: "projects",
      filters: { organization, keyword },
      positionOf: (project: Project) => projects.positionOf(project),
    };
    return call.page("projects", found, of, (project) => projectBody(call, project));
  }),
  route("POST", "projects:batchUpdate", (call) => {
    const { projects, addLabels, removeLabels } = call.parseBody(labelChanges);
    checkBatchNotEmpty(call, projects);
    for (const name of projects) call.requirePermission("project.update", name);
    for (const name of projects) {
      const project = call.getVisible("projects", name);
      if (call.cloud.unknowns.projectApiLabel === "refused" && removeLabels.includes(apiLabel))
        throw new ApiError(400, "the label can't be removed");
      const labels = Object.entries({ ...project.labels, ...addLabels });
      const isKept = (key: string): boolean =>
        key === apiLabel && call.cloud.unknowns.projectApiLabel === "kept";
      const kept = labels.filter(([key]) => isKept(key) || !removeLabels.includes(key));
      call.cloud.projects.update(project, { labels: Object.fromEntries(kept) });
    }
    return ok({});
  }),
  route("POST", "projects", (call) => {
    const given = call.parseBody(newProject);
    call.requirePermission("project.create", given.organization);
    const { organization, displayName } = given;
    checkDuplicateName(call, organization, displayName);
    const labels = call.cloud.unknowns.projectApiLabel === "none" ? {} : { [apiLabel]: "api" };
    const place = { ...unset, ...given.location };
    const project = createProject(call.cloud, { organization, displayName, location: place, labels });
    const body = projectBody(call, project);
    return created(
      call.cloud.unknowns.projectPostReadOnlyFields === "zero" ? { ...body, ...readOnly } : body,
    );
  }),
  route("GET", "projects/{project}", (call) => {
    call.requirePermission("project.read", nameOf(call));
    return ok(projectBody(call, call.getVisible("projects", nameOf(call))));
  }),
  route("PATCH", "projects/{project}", (call) => {
    const changes = applyUpdateMask(call, call.parseBody(projectChanges), projectFields);
    call.requirePermission("project.update", nameOf(call));
    const project = call.getVisible("projects", nameOf(call));
    const { displayName = project.displayName } = changes;
    if (displayName !== project.displayName) checkDuplicateName(call, project.organization, displayName);
    const kept = call.cloud.unknowns.projectLocationPatch === "yes" ? project.location : unset;
    const place = changes.location ? { ...kept, ...changes.location } : project.location;
    call.cloud.projects.update(project, { displayName, location: place });
    const body = projectBody(call, project);
    return ok(call.cloud.unknowns.projectPatchReadOnlyFields === "zero" ? { ...body, ...readOnly } : body);
  }),
  route("DELETE", "projects/{project}", (call) => {
    call.requirePermission("project.delete", nameOf(call));
    const project = call.getVisible("projects", nameOf(call));
    const accounts = call.cloud.unknowns.projectDeletionRefusedWithAccounts
      ? call.cloud.accounts.countUnder(project.name)
      : 0;
    if (accounts + project.sensorCount + project.cloudConnectorCount > 0)
      throw new ApiError(400, "the project is not empty");
    deleteProject(call.cloud, project);
    return deleted();
  }),
];

/** The values a PATCH returned in 2025 for fields it cannot change (terraform-provider-dt, commit 25c25ad). */
const readOnly = { organizationDisplayName: "", inventory: false, sensorCount: 0, cloudConnectorCount: 0 };

/** A label that the API sets itself, if `projectApiLabel` says so. */
const apiLabel = "created-by";

function checkDuplicateName(call: Call<unknown>, organization: string, displayName: string): void {
  const isTaken = call.cloud.projects
    .list()
    .some((other) => other.organization === organization && other.displayName === displayName);
  if (isTaken && call.cloud.unknowns.duplicateProjectNames === "409")
    throw new ApiError(409, "already exists");
}

const projectFields = [
  ...["name", "displayName", "organization", "location", "labels"],
  ...Object.keys(readOnly),
];

const organizationName = (call: Call<unknown>, project: Project): string =>
  call.cloud.organizations.get(project.organization)?.displayName ?? "";

function projectBody(call: Call<unknown>, project: Project): object {
  const { name, displayName, organization, labels, location: place, ...rest } = project;
  const organizationDisplayName = organizationName(call, project);
  const { projectLabelsIfNone, projectUnsetLocation } = call.cloud.unknowns;
  const hasLabels = Object.keys(labels).length > 0 || projectLabelsIfNone === "{}";
  const hasPlace = place.latitude !== null || place.longitude !== null || place.timeLocation !== "";
  return withExtraFields(call, {
    ...{ name, displayName, organization, organizationDisplayName, ...rest },
    ...(hasLabels ? { labels } : projectLabelsIfNone === "null" ? { labels: null } : {}),
    ...(hasPlace || projectUnsetLocation === "nulls"
      ? { location: place }
      : projectUnsetLocation === "null"
        ? { location: null }
        : {}),
  });
}
