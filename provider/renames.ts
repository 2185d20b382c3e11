/** The name that the program gives to a resource. */
export const nameIn = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** The types of a resource and of the components around it: `dt:index:AccessGrant$pulumi-nodejs:dynamic/dt:ProjectRoleBinding`. */
const typesIn = (urn: string): string => urn.split("::")[2] ?? "";

/** The resource option that tells Pulumi that a resource was renamed or moved: then nothing changes in the cloud. */
function aliasFor(oldUrn: string, newUrn: string): string {
  if (typesIn(oldUrn) !== typesIn(newUrn)) return `aliases: ["${oldUrn}"]`;
  return `aliases: [{ name: "${nameIn(oldUrn)}" }]`;
}

/** What to do about a rename, as a clause: which resource gets which option. */
export const adviceFor = (oldUrn: string, newUrn: string): string =>
  `give "${nameIn(newUrn)}"${typesIn(newUrn).includes("$") ? " (or the component around it)" : ""} the option ${aliasFor(oldUrn, newUrn)}`;
