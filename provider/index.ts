/** What the engine runs: one handler a resource type, called by the text that every state keeps. Frozen names. */
import type { ResourceProvider } from "@pulumi/pulumi/dynamic/index.js";
import { adapt } from "./dynamic/adapter.js";
import { keyRetirementResource } from "./resources/keyRetirement.js";
import { orphanReporters } from "./orphanReporters.js";
import { organizationAccessResource } from "./resources/organizationAccess.js";
import { orgAdminBindingResource } from "./resources/orgAdminBinding.js";
import { projectAccessResource } from "./resources/projectAccess.js";
import { projectRoleBindingResource } from "./resources/projectRoleBinding.js";
import { serviceAccountResource } from "./resources/serviceAccount.js";
import { serviceAccountKeyResource } from "./resources/serviceAccountKey.js";

// Annotated, so that the declarations do not lead into the inner types and the libraries that those use.
export const serviceAccount: ResourceProvider = adapt(serviceAccountResource, orphanReporters);
export const serviceAccountKey: ResourceProvider = adapt(serviceAccountKeyResource, orphanReporters);
export const keyRetirement: ResourceProvider = adapt(keyRetirementResource, orphanReporters);
export const projectRoleBinding: ResourceProvider = adapt(projectRoleBindingResource, orphanReporters);
export const orgAdminBinding: ResourceProvider = adapt(orgAdminBindingResource, orphanReporters);
export const projectAccess: ResourceProvider = adapt(projectAccessResource, orphanReporters);
export const organizationAccess: ResourceProvider = adapt(organizationAccessResource, orphanReporters);
