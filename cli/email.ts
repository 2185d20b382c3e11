/** An address as it is compared: letter case, spaces around it and the Unicode spelling do not make another person. */
export const normalisedEmail = (address: string): string => address.trim().normalize("NFC").toLowerCase();

/** Whether an address is a service account's, of any company. Its first part is the account's id. */
export const isAccountEmail = (address: string): boolean =>
  normalisedEmail(address).endsWith(".serviceaccount.d21s.com");
