import { collectionsOf, isId } from "../../provider/api/text/resourceNames.js";
import { kindOfType } from "../../provider/stack/doors.js";
import type { StateResource } from "./deployment.js";

/** The collections in the ids of each kind. Ids are checked because they become parts of URLs. */
const collections: Readonly<Record<string, string>> = {
  Project: "projects",
  ServiceAccount: "projects/serviceaccounts",
  ServiceAccountKey: "projects/serviceaccounts/keys",
  ProjectRoleBinding: "projects/members",
  OrgAdminBinding: "organizations/members",
  ProjectAccess: "projects",
  OrganizationAccess: "organizations",
};

/** Whether the ids in a resource are API names. */
export function isNamed({ type, id, outputs }: StateResource): boolean {
  const expected = collections[kindOfType(type)];
  const keyIds = [outputs.keyId, outputs.previousKeyId].filter(
    (each) => typeof each === "string" && each !== "",
  );
  return (
    expected === undefined || (collectionsOf(id) === expected && keyIds.every((each) => isId(String(each))))
  );
}
