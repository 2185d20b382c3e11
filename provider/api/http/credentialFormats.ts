/** Whether a text has the format of the API's key ids, such as `c18rs36olv9021epsv2g`. */
export const looksLikeKeyId = (text: string): boolean => /^[0-9a-v]{20}$/.test(text);

/** Whether a text that was given as a key's id may be a secret, perhaps in the format of another cloud. */
export const mayBeSecret = (text: string): boolean => text.length > 20;

/** Whether a text has the format of the API's key secrets, which are 32 hexadecimal digits. */
export const looksLikeSecret = (text: string): boolean => /^[0-9a-f]{32,}$/i.test(text);
