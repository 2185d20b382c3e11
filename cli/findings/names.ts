import { emailOf } from "../../provider/api/text/email.js";
import { parentOf } from "../../provider/api/reads/find.js";
import { collectionsOf } from "../../provider/api/text/resourceNames.js";
import type { StackComparison } from "./compareWithCloud.js";
import type { Finding, Named } from "./finding.js";
import { itemsOf } from "../cloud/lists.js";

interface Known {
  readonly displayName?: string;
  readonly email?: string;
  readonly createTime?: string;
}

/**
 * Adds what people know findings by: display names of places, accounts and members, and when something was created.
 *
 * @param titles the display names of projects and organizations
 */
export function withNames(
  findings: readonly Finding[],
  { inventory, outside }: Pick<StackComparison, "inventory" | "outside">,
  titles: ReadonlyMap<string, string>,
): Finding[] {
  const members = [...itemsOf(inventory.members), ...outside.memberships];
  const accounts = itemsOf(inventory.accounts);
  const known = new Map<string, Known>(
    [...members, ...accounts, ...itemsOf(inventory.keys)].map((body) => [body.name, body]),
  );
  // A person whose membership is missing here can have another one.
  const byEmail = new Map([...members, ...accounts].map((body) => [emailOf(body), body.displayName]));
  return findings.map((finding): Finding => {
    const { id, kind, email } = finding;
    const { displayName, ...body } = known.get(id) ?? {};
    const name = finding.displayName ?? displayName ?? (email === undefined ? undefined : byEmail.get(email));
    const createTime = believable(body.createTime);
    const place = placeOf(id);
    return {
      ...finding,
      ...(name === undefined ? {} : { displayName: name }),
      ...(createTime === undefined ? {} : { createTime }),
      ...(place === "" ? {} : { place: { name: place, displayName: titles.get(place) ?? "" } }),
      ...(kind === "key" ? { account: accountOf(id, known) } : {}),
    };
  });
}

/** The project or organization that an API name begins with. Empty if it begins with neither. */
function placeOf(id: string): string {
  const [collection = "", place = ""] = id.split("/");
  const name = `${collection}/${place}`;
  return ["projects", "organizations"].includes(collectionsOf(name) ?? "") ? name : "";
}

function accountOf(key: string, known: ReadonlyMap<string, Known>): Named & { readonly email: string } {
  const name = parentOf(key);
  const { displayName = "", email = "" } = known.get(name) ?? {};
  return { name, displayName, email };
}

/** The API has no creation time for some members, and the year 1970 for others. */
const believable = (time: string | undefined): string | undefined =>
  Date.parse(time ?? "") > Date.UTC(2000, 0) ? time : undefined;
