import {
  accessListChange,
  accessListCheck,
  startWatching,
  enforce,
  recordPreviewedRemovals,
  readUndeclared,
  type AccessListInputs,
  type AccessListOutputs,
} from "../memberships/accessList.js";
import { resourceName } from "../contract/inputs.js";
import { placeIdIn } from "./importIds.js";
import type { Resource } from "../contract/resource.js";

export interface ProjectAccessInputs extends AccessListInputs {
  readonly project: string;
}

/** The complete list of a project's members. It grants no access, and deleting the resource removes nobody. */
export const projectAccessResource: Resource<ProjectAccessInputs, AccessListOutputs> = {
  check: { project: resourceName("projects"), ...accessListCheck },
  onChange: { project: "replace", ...accessListChange },
  computed: "undeclared",
  outputs: {},
  moves: () => [],
  resolveId: placeIdIn("projects"),
  holds: () => [],
  onPlan: recordPreviewedRemovals,
  create: (inputs, session) => startWatching(inputs.project, inputs, session),
  async read(id, state, session) {
    const seen = await readUndeclared(id, state, session);
    return seen === undefined
      ? undefined
      : { actual: { project: id, ...seen.actual }, outputs: seen.outputs };
  },
  update: (id, state, inputs, session, urn) => enforce(id, state, inputs, session, urn),
  delete: () => Promise.resolve(),
};
