/** The bare id of a project or an organization. `name` can also be its API name. */
export const bareId = (name: string): string => name.trim().replace(/^(projects|organizations)\//, "");

/** The canonical spelling of an email: the one that the provider uses. */
export const canonicalEmail = (text: string): string =>
  text.trim().normalize("NFC").toLowerCase().normalize("NFC");

/** The id of an account or a key in the value of `adopt`, which can be the id, the API name or an account's email. */
export const adoptedId = (text: string): string =>
  canonicalEmail(text.slice(text.lastIndexOf("/") + 1)).replace(/@.*$/, "");
