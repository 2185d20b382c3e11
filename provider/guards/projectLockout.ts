import type { ServiceAccountBody } from "../api/bodies/serviceAccounts.js";
import type { Session } from "../session/session.js";
import { isOurAccount, refuse, type Overridable } from "./lockout.js";

/**
 * Refuses to delete the project that the account we log in as is in. Deleting it deletes the account.
 *
 * @param accounts the accounts in the project
 */
export async function guardHomeProject(
  project: string,
  { allowLockout }: Overridable,
  accounts: readonly ServiceAccountBody[],
  session: Session,
): Promise<void> {
  if (allowLockout === true) return;
  for (const account of accounts) {
    if (await isOurAccount(account.name, account, () => session, session.settings))
      refuse(`deleting ${project} deletes ${account.email}, the service account this run logs in as`);
  }
}
