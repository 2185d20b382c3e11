import { collectionsOf, isId } from "../../provider/api/text/resourceNames.js";
import type { StateResource } from "./deployment.js";

const typePrefix = "pulumi-nodejs:dynamic/dt:";

/** Whether a resource type belongs to this package. */
export const isOurs = (type: string): boolean => type.startsWith(typePrefix);

/** The short name of one of this package's types, such as `ServiceAccount`. */
export const kindOf = (type: string): string => type.slice(typePrefix.length);

/** The collections in the ids of each type. Ids are checked because they become parts of URLs. */
const collections: Readonly<Record<string, string>> = {
  ServiceAccount: "projects/serviceaccounts",
  ServiceAccountKey: "projects/serviceaccounts/keys",
  ProjectRoleBinding: "projects/members",
  OrgAdminBinding: "organizations/members",
  ProjectAccess: "projects",
  OrganizationAccess: "organizations",
};

/** Whether the ids in a resource are API names. */
export function isNamed({ type, id, outputs }: StateResource): boolean {
  const expected = collections[kindOf(type)];
  const keyIds = [outputs.keyId, outputs.previousKeyId].filter(
    (each) => typeof each === "string" && each !== "",
  );
  return (
    expected === undefined || (collectionsOf(id) === expected && keyIds.every((each) => isId(String(each))))
  );
}
