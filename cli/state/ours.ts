import { collectionsOf, isId } from "../../provider/api/text/resourceNames.js";
import type { StateResource } from "./deployment.js";

const typePrefix = "pulumi-nodejs:dynamic/dt:";

/** Whether a type is one of ours. */
export const isOurs = (type: string): boolean => type.startsWith(typePrefix);

/** `ServiceAccount` and so on, for a type of ours. */
export const kindOf = (type: string): string => type.slice(typePrefix.length);

/** What the ids of each type are names of: an id goes into URLs. */
const collections: Readonly<Record<string, string>> = {
  ServiceAccount: "projects/serviceaccounts",
  ServiceAccountKey: "projects/serviceaccounts/keys",
  ProjectRoleBinding: "projects/members",
  OrgAdminBinding: "organizations/members",
  ProjectAccess: "projects",
  OrganizationAccess: "organizations",
};

/** Whether the ids in a resource are names of the API. */
export function isNamed({ type, id, outputs }: StateResource): boolean {
  const expected = collections[kindOf(type)];
  const keyIds = [outputs.keyId, outputs.previousKeyId].filter(
    (each) => typeof each === "string" && each !== "",
  );
  return (
    expected === undefined || (collectionsOf(id) === expected && keyIds.every((each) => isId(String(each))))
  );
}
