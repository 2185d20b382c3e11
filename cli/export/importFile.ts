import { doors } from "../../provider/stack/doors.js";
import { nameIn } from "../../provider/stack/urns.js";
import type { Selection } from "./selection.js";

/**
 * Writes a file for `pulumi import --file`, with resources of the provider plugin. Dynamic resources can't be imported.
 *
 * @param provider the URN of the explicit provider that manages the resources
 * @see https://www.pulumi.com/docs/iac/adopting-pulumi/import/#bulk-import-operations
 */
export function importFileOf(selection: Selection, provider?: string): string {
  const by = provider === undefined ? {} : { provider: nameIn(provider) };
  const resources = resourcesOf(selection).map(({ type, ...resource }) => ({
    type: `${doors.plugin.types}${type}`,
    ...resource,
    ...by,
  }));
  const nameTable = provider === undefined ? {} : { nameTable: { [nameIn(provider)]: provider } };
  return `${JSON.stringify({ ...nameTable, resources }, undefined, 2)}\n`;
}

/** The resources of a selection: their kinds, their names in the program, and their API names. */
export const resourcesOf = ({ accounts, keys, members }: Selection) => [
  ...accounts.map(({ as, body }) => ({ type: "ServiceAccount", name: as, id: body.name })),
  ...keys.map(({ as, body }) => ({ type: "ServiceAccountKey", name: as, id: body.name })),
  ...members.map(({ as, body, place }) => ({
    type: place.name.startsWith("organizations/") ? "OrgAdminBinding" : "ProjectRoleBinding",
    name: as,
    id: body.name,
  })),
];
