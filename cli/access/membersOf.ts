import type { Access } from "../../access/effective.js";
import { externalTo } from "../../access/members.js";
import { canonicalEmail } from "../../provider/api/text/email.js";
import { idOf } from "../../provider/api/text/resourceNames.js";
import { itemsOf } from "../cloud/lists.js";
import type { RecordedMember } from "./record.js";
import type { Ingredients } from "./ingredients.js";
import { standingsOf } from "./standing.js";

/** The people and service accounts with access, and the accounts without. Members are identified by their ids. */
export function membersOf(
  { comparison, decided, criteria }: Pick<Ingredients, "comparison" | "decided" | "criteria">,
  access: readonly Access[],
): RecordedMember[] {
  const { inventory, present, isAccountedFor } = comparison;
  const standingOf = standingsOf({ ...decided, isAccountedFor });
  const isExternal = externalTo(criteria.domains);
  const byKey = new Map<string, RecordedMember>();
  const add = (member: Omit<RecordedMember, "isExternal">): void => {
    const key = member.id || member.email;
    const known = byKey.get(key);
    if (known !== undefined && member.account === "") return;
    byKey.set(key, {
      ...member,
      isExternal: criteria.domains.length === 0 ? null : isExternal(member.email),
    });
  };
  for (const { member } of access) add({ ...member, account: "", standing: null });
  for (const { name, email, displayName } of itemsOf(inventory.accounts))
    add({
      ...{ id: idOf(name), email: canonicalEmail(email), displayName },
      ...{ kind: "serviceAccount", account: name, standing: standingOf(name) },
    });
  const names = new Map(present.own.map(({ name, expected }) => [name, expected.displayName]));
  for (const { id: name, kind, class: found } of decided.findings) {
    if (kind !== "serviceAccount" || found !== "missing") continue;
    const { email = "", displayName = String(names.get(name) ?? "") } = byKey.get(idOf(name)) ?? {};
    add({ id: idOf(name), email, displayName, kind, account: name, standing: "missing" });
  }
  return [...byKey.values()].sort((a, b) => compare(a.email, b.email) || compare(a.id, b.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
