/**
 * Returns one spelling for each address: trimmed, in Unicode's composed form (NFC), in lower case. The API keeps the
 * address as typed, and on some systems a typed address has its accents in the decomposed form.
 */
export const canonicalEmail = (text: string): string =>
  text.trim().normalize("NFC").toLowerCase().normalize("NFC");

/** The address of a member or an account, in its canonical spelling. */
export const emailOf = ({ email }: { readonly email: string }): string => canonicalEmail(email);
