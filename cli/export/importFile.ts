import { doors } from "../../provider/stack/doors.js";
import { nameIn } from "../../provider/stack/urns.js";
import type { Selection } from "./selection.js";

/**
 * Writes a file for `pulumi import --file`, with resources of the provider plugin. Dynamic resources can't be imported.
 *
 * @param provider the URN of the explicit provider that manages the resources
 * @see https://www.pulumi.com/docs/iac/adopting-pulumi/import/#bulk-import-operations
 */
export function importFileOf({ accounts, keys, members }: Selection, provider?: string): string {
  const by = provider === undefined ? {} : { provider: nameIn(provider) };
  const resource = (kind: string, name: string, id: string) => ({
    type: `${doors.plugin.types}${kind}`,
    name,
    id,
    ...by,
  });
  const resources = [
    ...accounts.map(({ as, body }) => resource("ServiceAccount", as, body.name)),
    ...keys.map(({ as, body }) => resource("ServiceAccountKey", as, body.name)),
    ...members.map(({ as, body }) =>
      resource(
        body.name.startsWith("organizations/") ? "OrgAdminBinding" : "ProjectRoleBinding",
        as,
        body.name,
      ),
    ),
  ];
  const nameTable = provider === undefined ? {} : { nameTable: { [nameIn(provider)]: provider } };
  return `${JSON.stringify({ ...nameTable, resources }, undefined, 2)}\n`;
}
