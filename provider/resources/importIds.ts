import { canonicalEmail } from "../api/text/email.js";
import { printable } from "../api/text/foreignText.js";
import { collectionsOf, idOf, isId } from "../api/text/resourceNames.js";
import { findMemberByEmail } from "../api/reads/memberLists.js";
import { InvalidInput, type ResolveId } from "../contract/resource.js";
import { findNamed } from "../projects/adoptProject.js";
import { accountOf } from "../lookups/named.js";

/** The ids that users give. Each function with the name `resolve…` or `…IdIn` returns the API name for an import. */

/** A service account: its API name or its email. */
export const resolveAccountId: ResolveId = (given) =>
  nameOrAccount(given) ?? refuse(given, "`projects/P/serviceaccounts/S` or `EMAIL`, the account's email");

/** A key: its API name, or the account's email and the key's id. */
export const resolveKeyId: ResolveId = (given) => {
  if (collectionsOf(given) === "projects/serviceaccounts/keys") return given;
  const account = accountOf(given.slice(0, given.lastIndexOf("/")));
  const keyId = idOf(given);
  return account !== undefined && isId(keyId)
    ? `${account}/keys/${keyId}`
    : refuse(given, "`projects/P/serviceaccounts/S/keys/K` or `EMAIL/K`, with the account's email");
};

/** A membership: its API name, or the id of the project or organization and the member's email. */
export const membershipIdIn =
  (collection: "projects" | "organizations"): ResolveId =>
  async (given, { api, identity }) => {
    const [, place = "", last = ""] =
      new RegExp(`^(?:${collection}/)?([^/]+)/(?:members/)?([^/]+)$`).exec(given) ?? [];
    const isFull = collectionsOf(given) === `${collection}/members`;
    if (isFull && !last.includes("@")) return given;
    if (!isId(place) || !last.includes("@"))
      return refuse(
        given,
        `\`${collection}/ID/members/M\`, or \`ID/EMAIL\` with the id of the ${nouns[collection]} and the member's email`,
      );
    const parent = `${collection}/${place}`;
    const member = canonicalEmail(last);
    const found = await findMemberByEmail(api, parent, member);
    if (found !== undefined) return found.name;
    throw new Error(`${parent} has no member ${printable(member)}, as ${identity} sees it`);
  };

/** A project or an organization: its API name or its id. */
export const placeIdIn =
  (collection: "projects" | "organizations"): ResolveId =>
  (given) => {
    const id = given.startsWith(`${collection}/`) ? given.slice(collection.length + 1) : given;
    return isId(id) ? `${collection}/${id}` : refuse(given, `\`${collection}/ID\` or \`ID\``);
  };

/** A project: its API name, its id, or the organization's id and the project's display name. */
export const resolveProjectId: ResolveId = async (given, session) => {
  const [, organization, displayName] = /^(?:organizations\/)?([^/]+)\/(.+)$/s.exec(given) ?? [];
  if (given.startsWith("projects/") || displayName === undefined || !isId(organization ?? "")) {
    const id = given.replace(/^projects\//, "");
    return isId(id)
      ? `projects/${id}`
      : refuse(given, "`projects/P`, `P`, or `ORGANIZATION/DISPLAY NAME` with the id of the organization");
  }
  return (await findNamed(displayName, `organizations/${organization}`, session)).name;
};

/** The id of an account or a key in the value of `adopt`, which can be the id, the API name or an account's email. */
export const adoptedId = (adopt: string): string => canonicalEmail(idOf(adopt)).replace(/@.*$/, "");

const nouns = { projects: "project", organizations: "organization" } as const;

const nameOrAccount = (given: string): string | undefined =>
  collectionsOf(given) === "projects/serviceaccounts" ? given : accountOf(given);

function refuse(given: string, forms: string): never {
  throw new InvalidInput(`the id must be ${forms}, not ${JSON.stringify(printable(given)).slice(0, 100)}`);
}
