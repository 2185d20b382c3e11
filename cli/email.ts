import { canonicalEmail } from "../provider/api/text/email.js";

/** Whether an email belongs to a service account of any company. Its local part is the account's id. */
export const isAccountEmail = (address: string): boolean =>
  canonicalEmail(address).endsWith(".serviceaccount.d21s.com");
