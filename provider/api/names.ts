/** The name of the thing that holds this one; empty for a project or an organization. */
export const parentOf = (name: string): string => name.split("/").slice(0, -2).join("/");

/** The last part of a resource name. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The list that a thing stands in: its name without the last part. */
export const listOf = (name: string): string => name.slice(0, Math.max(name.lastIndexOf("/"), 0));
