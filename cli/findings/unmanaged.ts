import { emailOf } from "../../provider/api/text/email.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { Inventory } from "../cloud/inventory.js";
import { itemsOf } from "../cloud/lists.js";
import { isPending, roleIn } from "../cloud/members.js";
import type { Finding } from "./finding.js";

/** Finds everything in the declared projects, organizations and accounts that no state declares. */
export function findUnmanaged(
  { members, accounts, keys }: Inventory,
  outside: readonly MemberBody[],
  isAccountedFor: (name: string) => boolean,
): Finding[] {
  return [
    ...itemsOf(accounts).map((account) => ({
      ...unmanaged(account.name, "serviceAccount", "this service account is not declared"),
      email: account.email,
      displayName: account.displayName,
    })),
    ...itemsOf(keys).map(({ name, createTime }) =>
      unmanaged(name, "key", `this key is not declared${createTime === "" ? "" : `, made ${createTime}`}`),
    ),
    ...itemsOf(members).map((member) => unmanagedMember(member, `this membership is not declared`)),
    ...outside.map((member) => unmanagedMember(member, "this account's membership here is not declared")),
  ].filter(({ id }) => !isAccountedFor(id));
}

/** Whether a state declares the organization membership that this inherited membership comes from. */
export const isDeclaredAbove = ({ name }: MemberBody, accountedFor: ReadonlySet<string>): boolean =>
  [...accountedFor].some((other) => other.startsWith("organizations/") && idOf(other) === idOf(name));

function unmanagedMember(member: MemberBody, message: string): Finding {
  const role = roleIn(member);
  return {
    ...unmanaged(
      member.name,
      "membership",
      `${message}: ${role === "" ? "no role" : role}${isPending(member) ? `, ${member.status}` : ""}`,
    ),
    email: emailOf(member),
    displayName: member.displayName,
    role,
  };
}

const unmanaged = (id: string, kind: Finding["kind"], message: string): Finding => ({
  id,
  class: "unmanaged",
  kind,
  parent: parentOf(id),
  resources: [],
  changes: [],
  message,
});
