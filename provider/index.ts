/** What the engine runs: one handler a resource type, called by the text that every state keeps. Frozen names. */
import { adapt } from "./adapter.js";
import { keyRetirementResource } from "./keyRetirement.js";
import { organizationAccessResource } from "./organizationAccess.js";
import { orgAdminBindingResource } from "./orgAdminBinding.js";
import { projectAccessResource } from "./projectAccess.js";
import { projectRoleBindingResource } from "./projectRoleBinding.js";
import { serviceAccountResource } from "./serviceAccount.js";
import { serviceAccountKeyResource } from "./serviceAccountKey.js";

export const serviceAccount = adapt(serviceAccountResource);
export const serviceAccountKey = adapt(serviceAccountKeyResource);
export const keyRetirement = adapt(keyRetirementResource);
export const projectRoleBinding = adapt(projectRoleBindingResource);
export const orgAdminBinding = adapt(orgAdminBindingResource);
export const projectAccess = adapt(projectAccessResource);
export const organizationAccess = adapt(organizationAccessResource);
