import { nameIn } from "../../provider/stack/urns.js";
import { emailOf } from "../../provider/api/text/email.js";
import { parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { Inventory } from "../cloud/inventory.js";
import type { Read } from "../cloud/lists.js";
import { isPending } from "../cloud/members.js";
import type { Declared, DeclaredMembership } from "../state/declared.js";
import { isIgnored } from "../../provider/contract/propertyPath.js";
import type { Lists } from "./allowed.js";
import type { Finding } from "./finding.js";

/** A membership is identified by its id. Its email can change, and then nobody gains or loses access. */

/** Reports that a declared membership now has another email, and what to do. Undefined if it has the declared email. */
export function addressChange({ email, urn, ignored }: DeclaredMembership, body: MemberBody) {
  const present = emailOf(body);
  if (email === undefined || email === present || isIgnored(ignored, "member")) return undefined;
  const how = isPending(body) ? "invited" : "accepted";
  return {
    declared: email,
    message: `${how} as ${advice(present, `as the member of ${JSON.stringify(nameIn(urn))}`)}`,
  };
}

/**
 * Reports a membership whose email changed and that an access list names with its old email. If the list belongs to
 * another stack, that stack reports it.
 */
export function withListedAddress(finding: Finding, lists: Lists, declared: readonly Declared[]): Finding[] {
  const known = lists.knownIn(finding);
  if (known === undefined || lists.allow(finding)) return [finding];
  const { list, address } = known;
  // Because of ignoreChanges, Pulumi ignores this email in the program, so editing the program wouldn't help.
  if (!declared.includes(list) || isIgnored(list.ignored, "members", list.members.indexOf(address)))
    return [];
  const { email = "" } = finding;
  return [
    {
      ...finding,
      class: "address-changed",
      resources: [list.urn],
      changes: [{ property: "members", declared: address, actual: email }],
      message: `${address} is accepted as ${advice(email, `in the members of ${JSON.stringify(nameIn(list.urn))}`)}`,
    },
  ];
}

const advice = (address: string, where: string): string =>
  `${address}: put that into the program, ${where}; \`pulumi up\` then changes nothing in the cloud`;

/** A member with the email of a declared membership, if the list lacks that membership. */
export function successorOf(
  { name: declared, addresses }: DeclaredMembership,
  list: Read<MemberBody> | undefined,
  isAccountedFor: (name: string) => boolean,
): MemberBody | undefined {
  if (list === undefined || list.failure !== undefined) return undefined;
  if (list.items.some(({ name }) => name === declared)) return undefined;
  return list.items.find((body) => addresses.includes(emailOf(body)) && !isAccountedFor(body.name));
}

/** The membership of an accepted invitation can have a new id. If so, its email identifies it. */
export const presentNames =
  ({ members }: Inventory, isAccountedFor: (name: string) => boolean) =>
  (declared: Declared): Declared => {
    if (declared.kind !== "membership" || !declared.isInvitation) return declared;
    const accepted = successorOf(declared, members.get(parentOf(declared.name)), isAccountedFor);
    return accepted === undefined ? declared : { ...declared, name: accepted.name };
  };
