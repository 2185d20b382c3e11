import { printable } from "../../provider/api/text/foreignText.js";
import { emailOf } from "../../provider/api/text/email.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { KeyBody, ServiceAccountBody } from "../../provider/api/bodies/serviceAccounts.js";
import type { Inventory } from "../cloud/inventory.js";
import { itemsOf } from "../findings/unmanaged.js";
import { Names } from "./names.js";

/** Something in the cloud that becomes a resource. */
export interface Selected<Body> {
  readonly body: Body;
  /** The name of the resource. */
  readonly as: string;
}

export interface SelectedAccount extends Selected<ServiceAccountBody> {
  /** The name of its variable in a program. */
  readonly variable: string;
}

/** A key or a membership. */
export interface SelectedPart<Body> extends Selected<Body> {
  /** The variable of the account that it belongs to, if that is selected, too. */
  readonly variable: string | undefined;
}

/** Everything that can be declared without a change, and what can't. */
export interface Selection {
  readonly accounts: readonly SelectedAccount[];
  readonly keys: readonly SelectedPart<KeyBody>[];
  readonly members: readonly SelectedPart<MemberBody>[];
  /** One line for each thing that is left out, with the reason. */
  readonly leftOut: readonly string[];
}

interface Question {
  readonly isWanted: (name: string) => boolean;
  readonly isDeclared: (name: string) => boolean;
  /** Names that other resources have. */
  readonly taken: Iterable<string>;
}

/** Selects what is wanted, and names each resource. */
export function select(
  inventory: Inventory,
  outside: readonly MemberBody[],
  { isWanted, isDeclared, taken }: Question,
): Selection {
  const names = new Names(taken);
  const leftOut: string[] = [];
  const variables = new Map<string, string>();
  const byName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
    items.filter(({ name }) => isWanted(name)).sort((a, b) => (a.name < b.name ? -1 : 1));

  const accounts = byName(itemsOf(inventory.accounts)).flatMap((body) => {
    if (body.displayName.trim() === "") {
      leftOut.push(`${body.name}: it has no display name, and a declared account needs one`);
      return [];
    }
    const as = names.unique(body.displayName);
    const variable = names.variable(as);
    variables.set(body.name, variable);
    return [{ body, as, variable }];
  });

  const keys = byName(itemsOf(inventory.keys)).map((body) => {
    const account = parentOf(body.name);
    const variable = variables.get(account);
    return { body, as: names.unique(variable ?? idOf(account), "key", idOf(body.name)), variable };
  });

  const emails = new Map(itemsOf(inventory.accounts).map((account) => [emailOf(account), account.name]));
  const all = [...itemsOf(inventory.members), ...outside];
  const declared = new Set(all.filter(({ name }) => isDeclared(name)).map(grantOf));
  const members = byName(all).flatMap((body) => {
    const problem = declared.has(grantOf(body))
      ? "another member there has the same address in another spelling, and a program declares an address once"
      : problemOf(body);
    if (problem !== undefined) {
      leftOut.push(`${body.name} (${printable(body.email)}): ${problem}`);
      return [];
    }
    declared.add(grantOf(body));
    const variable = variables.get(emails.get(emailOf(body)) ?? "");
    const as = names.unique(variable ?? emailOf(body), "in", idOf(parentOf(body.name)));
    return [{ body, as, variable }];
  });
  return { accounts, keys, members, leftOut };
}

/** Identifies a grant. A program can declare each grant only once. */
const grantOf = (member: MemberBody): string => `${parentOf(member.name)} ${emailOf(member)}`;

/** Why a membership can't be declared without a change. */
function problemOf({ name, roles }: MemberBody): string | undefined {
  if (roles.length !== 1) return `it has ${roles.length} roles, and a declared one has one`;
  if (name.startsWith("organizations/") && roles[0] !== "roles/organization.admin")
    return `its role is ${String(roles[0])}, and only administrators are declared`;
  return undefined;
}
