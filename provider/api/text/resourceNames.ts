/** The name of the object that contains this one. Empty for a project or an organization. */
export const parentOf = (name: string): string => name.split("/").slice(0, -2).join("/");

/** The last part of a resource name. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The path of the list that contains an object: the object's name without its last part. */
export const listOf = (name: string): string => name.slice(0, Math.max(name.lastIndexOf("/"), 0));

/**
 * Whether a part of a name can be put into any path unchanged. A URL must spell its characters as they are (RFC 3986,
 * `pchar`), without escapes. A colon is not allowed, because the API reads a method after it. The wildcard `-` and the
 * segments `.` and `..` are not allowed either. A backslash or a control character would lead a request to another
 * path.
 */
export const isId = (part: string): boolean => /^[\w.~!$&'()*+,;=@-]+$/.test(part) && !/^(-|\.+)$/.test(part);

/**
 * The collections in a resource name, such as `projects/members`. Undefined if the text is not a resource name, or if
 * an id in it is not valid ({@link isId}).
 */
export function collectionsOf(name: string): string | undefined {
  const parts = name.split("/");
  const collections = parts.filter((_, index) => index % 2 === 0);
  const ids = parts.filter((_, index) => index % 2 === 1);
  return ids.length === collections.length && ids.every(isId) ? collections.join("/") : undefined;
}
