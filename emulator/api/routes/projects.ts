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
  latitude: v.optional(v.nullable(finiteNumber), null),
  longitude: v.optional(v.nullable(finiteNumber), null),
  timeLocation: v.optional(v.string(), ""),
});
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
      const labels = Object.entries({ ...project.labels, ...addLabels });
      const kept = labels.filter(([key]) => !removeLabels.includes(key));
      call.cloud.projects.update(project, { labels: Object.fromEntries(kept) });
    }
    return ok({});
  }),
  route("POST", "projects", (call) => {
    const given = call.parseBody(newProject);
    call.requirePermission("project.create", given.organization);
    const { organization, displayName } = given;
    const place = given.location ? { location: given.location } : {};
    return created(projectBody(call, createProject(call.cloud, { organization, displayName, ...place })));
  }),
  route("GET", "projects/{project}", (call) => {
    call.requirePermission("project.read", nameOf(call));
    return ok(projectBody(call, call.getVisible("projects", nameOf(call))));
  }),
  route("PATCH", "projects/{project}", (call) => {
    const changes = applyUpdateMask(call, call.parseBody(projectChanges), projectFields);
    call.requirePermission("project.update", nameOf(call));
    const project = call.getVisible("projects", nameOf(call));
    const { displayName = project.displayName, location: place = project.location } = changes;
    call.cloud.projects.update(project, { displayName, location: place });
    const body = projectBody(call, project);
    return ok(call.cloud.unknowns.projectPatchReadOnlyFields === "zero" ? { ...body, ...readOnly } : body);
  }),
  route("DELETE", "projects/{project}", (call) => {
    call.requirePermission("project.delete", nameOf(call));
    const project = call.getVisible("projects", nameOf(call));
    if (call.cloud.accounts.countUnder(project.name) + project.sensorCount + project.cloudConnectorCount > 0)
      throw new ApiError(400, "the project is not empty");
    deleteProject(call.cloud, project);
    return deleted();
  }),
];

/** The values a PATCH returned in 2025 for fields it cannot change (terraform-provider-dt, commit 25c25ad). */
const readOnly = { organizationDisplayName: "", inventory: false, sensorCount: 0, cloudConnectorCount: 0 };

const projectFields = [
  ...["name", "displayName", "organization", "location", "labels"],
  ...Object.keys(readOnly),
];

const organizationName = (call: Call<unknown>, project: Project): string =>
  call.cloud.organizations.get(project.organization)?.displayName ?? "";

function projectBody(call: Call<unknown>, project: Project): object {
  const { name, displayName, organization, ...rest } = project;
  const organizationDisplayName = organizationName(call, project);
  return withExtraFields(call, { name, displayName, organization, organizationDisplayName, ...rest });
}
