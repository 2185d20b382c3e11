/**
 * The action of each HTTP method in the names of permissions. The API's role table lists which role has which
 * permission.
 */
const actions = { GET: "read", POST: "create", PATCH: "update", DELETE: "delete" } as const;

/** Names what the caller lacks, for the text of a 403: the role, the scope of the role, and the permission. */
export function missingPermission(method: string, path: string): string {
  if (path === "projects:batchUpdate")
    return "the role project.admin in each project (permission project.update)";
  const [collection = "", id = "", ...rest] = path.split("/");
  const scope = id === "" || id === "-" ? "the organization" : `${collection}/${id.replace(/:.*$/, "")}`;
  const action = actions[method as keyof typeof actions] as string | undefined;
  const permission = action === undefined ? undefined : permissionOf(rest, action, collection);
  const role = roleFor(collection, id, action);
  return `${role} in ${scope}${permission === undefined ? "" : ` (permission ${permission})`}`;
}

function permissionOf(rest: readonly string[], action: string, collection: string): string | undefined {
  // Everybody who can see a project can read it.
  if (rest.length === 0 && collection === "projects" && action !== "read") return `project.${action}`;
  if (rest.includes("keys")) return `serviceaccount.key.${action}`;
  if (rest[0] === "serviceaccounts") return `serviceaccount.${action}`;
  if (rest[0]?.startsWith("members"))
    return `membership.${rest[0].endsWith(":batchDelete") ? "delete" : action}`;
  return undefined;
}

function roleFor(collection: string, id: string, action: string | undefined): string {
  if (collection === "organizations" || id === "-" || id === "") return "the role organization.admin";
  return `the role ${action === "read" ? "project.user" : "project.admin"}`;
}
