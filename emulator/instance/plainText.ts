/**
 * Makes a text from outside safe to print in a terminal. Replaces line breaks, control characters and invisible
 * characters, some of which reverse the order of letters.
 */
export const plainText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
