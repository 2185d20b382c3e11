import { canonicalEmail } from "../../provider/api/text/email.js";
import { printable } from "../../provider/api/text/foreignText.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { isInherited, type MemberBody } from "../../provider/api/bodies/members.js";
import { isPending, roleIn } from "../cloud/members.js";
import type { StackComparison } from "../findings/compareWithCloud.js";
import type { Accepted } from "../findings/baseline.js";
import { itemsOf } from "../findings/unmanaged.js";

/** Whether access is declared, accepted or neither. */
export type Standing = "declared" | "accepted" | "inherited" | "undeclared";

/** A membership. */
export interface Access {
  readonly scope: string;
  /** Without `roles/`. */
  readonly role: string;
  readonly standing: Standing;
  /** Why the membership is accepted, or why it has this standing. */
  readonly note: string;
}

export interface KeyAge {
  readonly id: string;
  /** Whole days since the key was created. Null if that isn't known. */
  readonly days: number | null;
  readonly standing: Standing;
}

/** A row: a person or a service account that has access or can get it. */
export interface Identity {
  readonly email: string;
  readonly displayName: string;
  readonly isAccount: boolean;
  /** By scope. */
  readonly access: ReadonlyMap<string, Access>;
  readonly keys: readonly KeyAge[];
  /** The standing of a service account itself. People are not declared, only their access. */
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

/** Who can access what, and whether it is declared. */
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

  // Rows are identified by member id, which is the same in every scope. An email can change or get another owner.
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

/** Organizations come first, because their roles apply to every project. */
const byKindThenTitle = (a: Scope, b: Scope): number =>
  compare(a.name.split("/")[0] ?? "", b.name.split("/")[0] ?? "") ||
  compare(a.title, b.title) ||
  compare(a.name, b.name);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
