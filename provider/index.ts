/** The handlers that the engine calls, one for each resource type. Every state names its handler: never rename one. */
import type { ResourceProvider } from "@pulumi/pulumi/dynamic/index.js";
import { adapt } from "./dynamic/adapter.js";
import { keyRetirementResource } from "./resources/keyRetirement.js";
import { orphanReporters } from "./orphanReporters.js";
import { organizationAccessResource } from "./resources/organizationAccess.js";
import { orgAdminBindingResource } from "./resources/orgAdminBinding.js";
import { projectResource } from "./resources/project.js";
import { projectAccessResource } from "./resources/projectAccess.js";
import { projectRoleBindingResource } from "./resources/projectRoleBinding.js";
import { serviceAccountResource } from "./resources/serviceAccount.js";
import { serviceAccountKeyResource } from "./resources/serviceAccountKey.js";

// The type annotations keep internal types, and the libraries that these use, out of the declaration files.
export const project: ResourceProvider = adapt(projectResource, orphanReporters);
export const serviceAccount: ResourceProvider = adapt(serviceAccountResource, orphanReporters);
export const serviceAccountKey: ResourceProvider = adapt(serviceAccountKeyResource, orphanReporters);
export const keyRetirement: ResourceProvider = adapt(keyRetirementResource, orphanReporters);
export const projectRoleBinding: ResourceProvider = adapt(projectRoleBindingResource, orphanReporters);
export const orgAdminBinding: ResourceProvider = adapt(orgAdminBindingResource, orphanReporters);
export const projectAccess: ResourceProvider = adapt(projectAccessResource, orphanReporters);
export const organizationAccess: ResourceProvider = adapt(organizationAccessResource, orphanReporters);
