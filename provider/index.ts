/** What the engine runs: one handler a resource type, called by the text that every state keeps. Frozen names. */
import type { ResourceProvider } from "@pulumi/pulumi/dynamic/index.js";
import { adapt } from "./adapter.js";
import { keyRetirementResource } from "./resources/keyRetirement.js";
import { organizationAccessResource } from "./resources/organizationAccess.js";
import { orgAdminBindingResource } from "./resources/orgAdminBinding.js";
import { projectAccessResource } from "./resources/projectAccess.js";
import { projectRoleBindingResource } from "./resources/projectRoleBinding.js";
import { serviceAccountResource } from "./resources/serviceAccount.js";
import { serviceAccountKeyResource } from "./resources/serviceAccountKey.js";

// Annotated, so that the declarations do not lead into the inner types and the libraries that those use.
export const serviceAccount: ResourceProvider = adapt(serviceAccountResource);
export const serviceAccountKey: ResourceProvider = adapt(serviceAccountKeyResource);
export const keyRetirement: ResourceProvider = adapt(keyRetirementResource);
export const projectRoleBinding: ResourceProvider = adapt(projectRoleBindingResource);
export const orgAdminBinding: ResourceProvider = adapt(orgAdminBindingResource);
export const projectAccess: ResourceProvider = adapt(projectAccessResource);
export const organizationAccess: ResourceProvider = adapt(organizationAccessResource);
