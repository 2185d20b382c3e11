import { canonicalEmail } from "../provider/api/text/email.js";

/** Whether an address is a service account's, of any company. Its first part is the account's id. */
export const isAccountEmail = (address: string): boolean =>
  canonicalEmail(address).endsWith(".serviceaccount.d21s.com");
