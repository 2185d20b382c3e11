import { isSameApi } from "../../provider/session/apiBase.js";
import { parentOf } from "../../provider/api/reads/find.js";
import type { Elsewhere } from "../cloud/elsewhere.js";
import type { Inventory } from "../cloud/inventory.js";
import type { Declarations, Declared } from "../state/declared.js";
import type { Finding } from "./finding.js";

/** A finding for each project, organization or account of which a list could not be read, whatever hangs on it. */
export function unreadLists(
  inventory: Inventory,
  elsewhere: Elsewhere,
  declared: readonly Declared[],
): Finding[] {
  const failures = [
    ...failuresOf(inventory.members, (scope) => [scope, "members"]),
    ...failuresOf(inventory.accounts, (project) => [project, "service accounts"]),
    ...failuresOf(inventory.keys, (account) => [`${account}/keys`, "keys"]),
    ...elsewhere.failures.map(({ list, failure }) => ({ id: list, what: "memberships elsewhere", failure })),
  ];
  const byId = new Map(failures.map(({ id }) => [id, failures.filter((other) => other.id === id)]));
  return [...byId].map(([id, parts]) => ({
    id,
    class: "unread",
    kind: "list",
    parent: id.endsWith("/keys") ? parentOf(`${id}/-`) : id,
    resources: declared.filter(({ name }) => name.startsWith(`${id}/`)).map(({ urn }) => urn),
    changes: [],
    message: [
      ...new Set(parts.map(({ what, failure }) => `${what} could not be read: ${failure.reason}`)),
    ].join("; "),
  }));
}

function failuresOf(lists: Inventory[keyof Inventory], name: (parent: string) => [id: string, what: string]) {
  return [...lists].flatMap(([parent, { failure }]) => {
    if (failure === undefined) return [];
    const [id, what] = name(parent);
    return [{ id, what, failure }];
  });
}

/** Resources that can't be compared at all: of an unknown type, or of another API. */
export function unreadResources({ declared, unknown, malformed }: Declarations, apiUrl: string): Finding[] {
  const elsewhere = declared.filter((item) => item.apiUrl !== undefined && !isSameApi(item.apiUrl, apiUrl));
  return [
    ...unknown.map(({ urn, type }) =>
      unreadResource(
        urn,
        urn,
        `${type} is unknown to this version: use the version of pulumi-dt that created it`,
      ),
    ),
    ...malformed.map(({ urn }) =>
      unreadResource(urn, urn, "its id in the state is not a name of the API, so it can't be looked for"),
    ),
    ...elsewhere.map(({ name, urn, apiUrl: other }) =>
      unreadResource(name, urn, `it belongs to ${String(other)}, but DT_API_URL names ${apiUrl}`),
    ),
  ];
}

const unreadResource = (id: string, urn: string, message: string): Finding => ({
  id,
  class: "unread",
  kind: "resource",
  parent: "",
  resources: [urn],
  changes: [],
  message,
});
