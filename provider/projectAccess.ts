import {
  accessListChange,
  accessListCheck,
  beginWatching,
  enforce,
  noteNamed,
  readUndeclared,
  type AccessListInputs,
  type AccessListOutputs,
} from "./accessList.js";
import { resourceName } from "./inputs.js";
import type { Resource } from "./resource.js";

export interface ProjectAccessInputs extends AccessListInputs {
  readonly project: string;
}

/** The whole list of a project's members. It grants nothing, and removing it removes nobody. */
export const projectAccessResource: Resource<ProjectAccessInputs, AccessListOutputs> = {
  check: { project: resourceName("projects"), ...accessListCheck },
  onChange: { project: "replace", ...accessListChange },
  computed: "undeclared",
  holds: () => [],
  onPlan: noteNamed,
  create: (inputs, session) => beginWatching(inputs.project, inputs, session),
  async read(id, state, session) {
    const seen = await readUndeclared(id, state, session);
    return seen === undefined
      ? undefined
      : { actual: { project: id, ...seen.actual }, outputs: seen.outputs };
  },
  update: (id, state, inputs, session, urn) => enforce(id, state, inputs, session, urn),
  delete: () => Promise.resolve(),
};
