/** A key's id as the API makes them, such as `c18rs36olv9021epsv2g`. */
export const looksLikeKeyId = (text: string): boolean => /^[0-9a-v]{20}$/.test(text);

/** Whether what stands in the place of a key's id may be a secret, as other clouds may make them. */
export const mayBeSecret = (text: string): boolean => text.length > 20;

/** A key's secret as the API makes them: 32 hexadecimal digits. */
export const looksLikeSecret = (text: string): boolean => /^[0-9a-f]{32,}$/i.test(text);
