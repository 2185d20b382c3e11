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

export interface OrganizationAccessInputs extends AccessListInputs {
  readonly organization: string;
}

/** The complete list of an organization's members. It grants no access, and deleting the resource removes nobody. */
export const organizationAccessResource: Resource<OrganizationAccessInputs, AccessListOutputs> = {
  check: { organization: resourceName("organizations"), ...accessListCheck },
  onChange: { organization: "replace", ...accessListChange },
  computed: "undeclared",
  outputs: {},
  moves: () => [],
  resolveId: placeIdIn("organizations"),
  holds: () => [],
  onPlan: recordPreviewedRemovals,
  create: (inputs, session) => startWatching(inputs.organization, inputs, session),
  async read(id, state, session) {
    const seen = await readUndeclared(id, state, session);
    return seen === undefined
      ? undefined
      : { actual: { organization: id, ...seen.actual }, outputs: seen.outputs };
  },
  update: (id, state, inputs, session, urn) => enforce(id, state, inputs, session, urn),
  delete: () => Promise.resolve(),
};
