import { keyRetirementResource } from "./keyRetirement.js";
import { organizationAccessResource } from "./organizationAccess.js";
import { orgAdminBindingResource } from "./orgAdminBinding.js";
import { projectResource } from "./project.js";
import { projectAccessResource } from "./projectAccess.js";
import { projectRoleBindingResource } from "./projectRoleBinding.js";
import { serviceAccountKeyResource } from "./serviceAccountKey.js";
import { serviceAccountResource } from "./serviceAccount.js";

/** All resources, by kind. */
export const resources = {
  Project: projectResource,
  ServiceAccount: serviceAccountResource,
  ServiceAccountKey: serviceAccountKeyResource,
  KeyRetirement: keyRetirementResource,
  ProjectRoleBinding: projectRoleBindingResource,
  OrgAdminBinding: orgAdminBindingResource,
  ProjectAccess: projectAccessResource,
  OrganizationAccess: organizationAccessResource,
} as const;
