import { emailOf } from "../../provider/api/text/email.js";
import { parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import type { KeyBody, ServiceAccountBody } from "../../provider/api/bodies/serviceAccounts.js";
import type { Inventory } from "../cloud/inventory.js";
import { itemsOf } from "../cloud/lists.js";
import { leftOutAccount, leftOutMember, type LeftOut } from "./leftOut.js";
import { Names, slugOf } from "./names.js";
import { placesOf, type Place } from "./places.js";

/** Something in the cloud that becomes a resource. */
export interface Selected<Body> {
  readonly body: Body;
  /** The name of the resource. */
  readonly as: string;
  /** The project or organization. */
  readonly place: Place;
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
  readonly leftOut: readonly LeftOut[];
}

interface Question {
  readonly isWanted: (name: string) => boolean;
  readonly isDeclared: (name: string) => boolean;
  /** Names that other resources have. */
  readonly taken: Iterable<string>;
  /** The display names of projects and organizations. */
  readonly titles: ReadonlyMap<string, string>;
}

/** Selects what is wanted, and names each resource for what it is: `anna-berg-in-production`. */
export function select(
  inventory: Inventory,
  outside: readonly MemberBody[],
  { isWanted, isDeclared, taken, titles }: Question,
): Selection {
  const names = new Names(taken);
  const leftOut: LeftOut[] = [];
  const wanted = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
    items.filter(({ name }) => isWanted(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const everybody = [...itemsOf(inventory.members), ...outside];
  const [accountBodies, keyBodies, memberBodies] = [
    wanted(itemsOf(inventory.accounts)),
    wanted(itemsOf(inventory.keys)),
    wanted(everybody),
  ];
  const placeIn = placesOf([...accountBodies, ...keyBodies, ...memberBodies], titles, names);

  const accounts = accountBodies.flatMap((body) => {
    const reason = leftOutAccount(body);
    if (reason !== undefined) {
      leftOut.push(reason);
      return [];
    }
    const as = names.unique(body.displayName);
    return [{ body, as, variable: names.variable(as, "account"), place: placeIn(body.name) }];
  });
  const variables = new Map(accounts.map(({ body, variable }) => [body.name, variable]));
  const labels = new Map([
    ...itemsOf(inventory.accounts).map(({ name, displayName }): [string, string] => [name, displayName]),
    ...accounts.map(({ body, as }): [string, string] => [body.name, as]),
  ]);

  const keys = keyBodies.map((body) => {
    const account = parentOf(body.name);
    const as = names.unique(slugOf(labels.get(account) ?? "") || "account", "key");
    return { body, as, variable: variables.get(account), place: placeIn(body.name) };
  });

  const accountsByEmail = new Map(itemsOf(inventory.accounts).map((body) => [emailOf(body), body.name]));
  const declared = new Set(everybody.filter(({ name }) => isDeclared(name)).map(grantOf));
  const members = memberBodies.flatMap((body) => {
    const reason = leftOutMember(body, declared.has(grantOf(body)));
    if (reason !== undefined) {
      leftOut.push(reason);
      return [];
    }
    declared.add(grantOf(body));
    const account = accountsByEmail.get(emailOf(body)) ?? "";
    const place = placeIn(body.name);
    const as = names.unique(slugOf(labels.get(account) ?? "") || labelOf(body), "in", place.label);
    return [{ body, as, variable: variables.get(account), place }];
  });
  return { accounts, keys, members, leftOut };
}

/** Identifies a grant. A program can declare each grant only once. */
const grantOf = (member: MemberBody): string => `${parentOf(member.name)} ${emailOf(member)}`;

/** What people call a member: the display name, or the email without its domain. */
function labelOf(member: MemberBody): string {
  const { displayName } = member;
  const name = displayName.includes("@") ? "" : slugOf(displayName);
  return name || slugOf(emailOf(member).replace(/@[^@]*$/, "")) || slugOf(emailOf(member));
}
