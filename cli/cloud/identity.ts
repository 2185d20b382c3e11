import { canonicalEmail, emailOf } from "../../provider/api/text/email.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { collectionsOf } from "../../provider/api/text/resourceNames.js";
import { listKeys } from "../../provider/api/reads/accountLists.js";
import type { Session } from "../../provider/session/session.js";
import type { Inventory } from "./inventory.js";
import { itemsOf, type ListReader } from "./lists.js";

/** The identity that a session logs in as. */
export interface Identity {
  readonly keyId: string;
  /** The API name of its service account. Empty if it is not known. */
  readonly account: string;
}

/**
 * Finds the account that a session logs in as, and adds its keys to the inventory if its project was read. With OAuth 2
 * the API checks the email. With Basic authentication it does not, so only the owner of the key counts.
 */
export async function withIdentity(
  { api, settings }: Session,
  inventory: Inventory,
  reader: ListReader,
): Promise<{ readonly identity: Identity; readonly inventory: Inventory }> {
  const { keyId, email = "", auth } = settings;
  const keys = new Map(inventory.keys);
  const readKeys = async (account: string) => {
    const known = keys.get(account);
    const read = known ?? (await reader.read(() => listKeys(api, account)));
    const isListed = read.failure === undefined && read.items.some(({ id }) => id === keyId);
    return { read, isListed };
  };
  const listed = new Map(accountsIn(inventory).map((name) => [idOf(name), name]));
  const named = accountNamed(email, listed);
  const account = auth === "basic" ? await ownerAmong(candidates(named, inventory), readKeys) : named;
  if (listed.has(idOf(account)) && !keys.has(account)) keys.set(account, (await readKeys(account)).read);
  return { identity: { keyId, account }, inventory: { ...inventory, keys } };
}

/** The account of an email such as `ACCOUNT@PROJECT.serviceaccount.d21s.com`. Empty if it is none. */
function accountNamed(email: string, listed: ReadonlyMap<string, string>): string {
  const [, account = "", project = ""] =
    /^([^@]+)@([^.@]+)\.serviceaccount\./.exec(canonicalEmail(email)) ?? [];
  const name = `projects/${project}/serviceaccounts/${account}`;
  return listed.get(account) ?? (collectionsOf(name) === undefined ? "" : name);
}

/** The first account that owns the key. Empty if none is known to. */
async function ownerAmong(
  accounts: readonly string[],
  readKeys: (account: string) => Promise<{ readonly isListed: boolean }>,
): Promise<string> {
  for (const account of accounts) if ((await readKeys(account)).isListed) return account;
  return "";
}

/** The accounts that may own our key, the likely ones first: the named one, those with known keys, and all others. */
function candidates(named: string, inventory: Inventory): string[] {
  const members = itemsOf(inventory.members).map((member) => accountNamed(emailOf(member), new Map()));
  const all = [named, ...inventory.keys.keys(), ...accountsIn(inventory), ...members];
  return [...new Set(all.filter((name) => name !== ""))];
}

const accountsIn = ({ accounts }: Inventory): string[] => itemsOf(accounts).map(({ name }) => name);

/** Whether an API name belongs to an identity: its account, the key that it logs in with, or a membership of it. */
export function isOwn(name: string, { account, keyId }: Identity): boolean {
  switch (collectionsOf(name)) {
    case "projects/serviceaccounts":
      return name === account;
    case "projects/serviceaccounts/keys":
      return idOf(name) === keyId && (account === "" || parentOf(name) === account);
    case "projects/members":
    case "organizations/members":
      return account !== "" && idOf(name) === idOf(account);
    default:
      return false;
  }
}
