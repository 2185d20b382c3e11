/**
 * One spelling for each address: trimmed, in Unicode's composed form (NFC), in lower case. The API keeps what was typed, and on some
 * systems the accents of a typed address are in the decomposed form.
 */
export const canonicalEmail = (text: string): string =>
  text.trim().normalize("NFC").toLowerCase().normalize("NFC");

/** The address of a member or an account, in its one spelling. */
export const emailOf = ({ email }: { readonly email: string }): string => canonicalEmail(email);
