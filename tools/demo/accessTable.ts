import Table from "cli-table3";
import type { Cloud } from "../../emulator";

/** A table of who can access what, with a row for each grant. It shows only the ids of keys. */
export function accessTable(cloud: Cloud): string {
  const style = { head: [], border: [], compact: true };
  const table = new Table({ head: ["who", "where", "role", "keys"], style });
  const scopes = [...cloud.organizations.list(), ...cloud.projects.list()];
  const grants = scopes.flatMap(({ name, displayName: where }) =>
    cloud.members.list(name).map((member) => ({ who: whoIs(member), where, member })),
  );
  const shown = new Set<string>();
  for (const { who, where, member } of grants.sort((a, b) => a.who.localeCompare(b.who))) {
    // A key belongs to the account, not to one of its grants.
    const keys = shown.has(member.email) ? "" : keysOf(cloud, member.email).join(", ");
    shown.add(member.email);
    table.push([who, where, member.roles.map((role) => role.replace("roles/", "")).join(", "), keys]);
  }
  return table.toString();
}

function whoIs({
  displayName,
  email,
  accountType,
  status,
}: ReturnType<Cloud["members"]["list"]>[number]): string {
  const person = accountType === "SERVICE_ACCOUNT" ? displayName : email;
  return status === "PENDING" ? `${person} (invited)` : person;
}

function keysOf(cloud: Cloud, email: string): string[] {
  const account = cloud.accounts.list().find((candidate) => candidate.email === email);
  return account === undefined ? [] : cloud.keys.list(account.name).map(({ id }) => id);
}
