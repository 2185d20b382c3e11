/**
 * A text from outside as a terminal may show it: in one line, without control characters, and without invisible ones
 * that turn the order of letters round.
 */
export const plainText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
