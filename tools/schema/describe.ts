/** The description of a resource. */
export const describe = (_kind: string, text: string): string => text;
