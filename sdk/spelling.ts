/** The bare id of a project or an organization, which programs may give with its collection. */
export const bareId = (name: string): string => name.trim().replace(/^(projects|organizations)\//, "");

/** One spelling for each address, as the provider has it. */
export const canonicalEmail = (text: string): string =>
  text.trim().normalize("NFC").toLowerCase().normalize("NFC");

/** The id in what `adopt` names an account or a key by: its id, its API name, or an account's email. */
export const adoptedId = (text: string): string =>
  canonicalEmail(text.slice(text.lastIndexOf("/") + 1)).replace(/@.*$/, "");
