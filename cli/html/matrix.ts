import { canonicalEmail } from "../../provider/api/text/email.js";
import { printable } from "../../provider/api/text/foreignText.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { isInherited, type MemberBody } from "../../provider/api/bodies/members.js";
import { isPending, roleIn } from "../cloud/members.js";
import type { StackComparison } from "../findings/compareWithCloud.js";
import type { Accepted } from "../findings/baseline.js";
import { itemsOf } from "../findings/unmanaged.js";

/** Whether somebody said that it should be there. */
export type Standing = "declared" | "accepted" | "inherited" | "undeclared";

/** One membership. */
export interface Access {
  readonly scope: string;
  /** Without `roles/`. */
  readonly role: string;
  readonly standing: Standing;
  /** Why an undeclared one is accepted; why it is as it is. */
  readonly note: string;
}

export interface KeyAge {
  readonly id: string;
  /** Whole days since it was made; null where that is not known. */
  readonly days: number | null;
  readonly standing: Standing;
}

/** Whoever has access, or could have: a person or a service account. */
export interface Identity {
  readonly email: string;
  readonly displayName: string;
  readonly isAccount: boolean;
  /** By scope. */
  readonly access: ReadonlyMap<string, Access>;
  readonly keys: readonly KeyAge[];
  /** How a service account itself stands; people are not declared, only their access is. */
  readonly standing: Standing;
}

/** A column: a project or an organization. */
export interface Scope {
  readonly name: string;
  readonly title: string;
}

export interface Matrix {
  readonly scopes: readonly Scope[];
  readonly identities: readonly Identity[];
}

type Named = Pick<MemberBody, "name" | "email" | "displayName">;

const day = 24 * 3_600_000;

/** Who may reach what, and whether anybody declared it. */
export function matrixOf(
  comparison: StackComparison,
  accepted: readonly Accepted[],
  titles: ReadonlyMap<string, string>,
  asOf: Date,
): Matrix {
  const { inventory, outside, isAccountedFor } = comparison;
  const reasons = new Map(accepted.map(({ id, reason }) => [id, reason]));
  const standingOf = (name: string): Standing =>
    isAccountedFor(name) ? "declared" : reasons.has(name) ? "accepted" : "undeclared";
  const members = [...itemsOf(inventory.members), ...outside.memberships];
  const rows = new Map<string, Identity & { access: Map<string, Access>; keys: KeyAge[] }>();

  // By the member id, which is one everywhere: an address may change, and pass on to somebody else.
  const rowOf = (
    { name, email, displayName }: Named,
    isAccount: boolean,
    standing: Standing = "declared",
  ) => {
    const id = idOf(name);
    const row = rows.get(id) ?? {
      email: printable(canonicalEmail(email)),
      displayName: printable(displayName),
      isAccount,
      standing,
      access: new Map<string, Access>(),
      keys: [],
    };
    rows.set(id, row);
    return row;
  };

  for (const account of itemsOf(inventory.accounts)) {
    const { name } = account;
    const row = rowOf(account, true, standingOf(name));
    const list = inventory.keys.get(name);
    for (const key of list?.failure === undefined ? (list?.items ?? []) : [])
      row.keys.push({ id: key.id, days: ageInDays(key.createTime, asOf), standing: standingOf(key.name) });
  }
  for (const member of members) {
    const { name, accountType } = member;
    rowOf(member, accountType === "SERVICE_ACCOUNT").access.set(
      parentOf(name),
      accessOf(member, isInherited(member) ? "inherited" : standingOf(name), reasons.get(name)),
    );
  }

  const scopes = [...new Set([...inventory.members.keys(), ...members.map(({ name }) => parentOf(name))])];
  return {
    scopes: scopes
      .map((name) => ({ name, title: printable(titles.get(name) || idOf(name)) }))
      .sort(byKindThenTitle),
    identities: [...rows.values()].sort((a, b) => compare(a.email, b.email)),
  };
}

const accessOf = (member: MemberBody, standing: Standing, reason = ""): Access => ({
  scope: parentOf(member.name),
  role: printable(roleIn(member).replaceAll("roles/", "")) || "no role",
  standing,
  note: printable(
    [isPending(member) ? `invitation ${member.status.toLowerCase()}` : "", reason].filter(Boolean).join("; "),
  ),
});

function ageInDays(createTime: string, asOf: Date): number | null {
  const made = Date.parse(createTime);
  return Number.isNaN(made) ? null : Math.max(0, Math.floor((asOf.getTime() - made) / day));
}

/** Organizations first: what is given there is given everywhere. */
const byKindThenTitle = (a: Scope, b: Scope): number =>
  compare(a.name.split("/")[0] ?? "", b.name.split("/")[0] ?? "") ||
  compare(a.title, b.title) ||
  compare(a.name, b.name);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
