/** The name of the thing that holds this one; empty for a project or an organization. */
export const parentOf = (name: string): string => name.split("/").slice(0, -2).join("/");

/** The last part of a resource name. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The list that a thing stands in: its name without the last part. */
export const listOf = (name: string): string => name.slice(0, Math.max(name.lastIndexOf("/"), 0));

/**
 * Whether a name's part stands for itself wherever it is put in a path: what a URL spells as it is (RFC 3986, `pchar`), without
 * escapes, without the colon, after which the API reads a method, and neither the wildcard nor a way up. A backslash or a control
 * character would lead a request to another path.
 */
export const isId = (part: string): boolean => /^[\w.~!$&'()*+,;=@-]+$/.test(part) && !/^(-|\.+)$/.test(part);

/** The collections in a resource name, such as `projects/members`; undefined where it is none, or an id in it is no {@link isId}. */
export function collectionsOf(name: string): string | undefined {
  const parts = name.split("/");
  const collections = parts.filter((_, index) => index % 2 === 0);
  const ids = parts.filter((_, index) => index % 2 === 1);
  return ids.length === collections.length && ids.every(isId) ? collections.join("/") : undefined;
}
