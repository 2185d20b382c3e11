import type * as pulumi from "@pulumi/pulumi";
import type { Member, MemberFilter } from "../provider/lookups/members.js";
import type { Identity, Organization, Role } from "../provider/lookups/organizations.js";
import type { ProjectFilter, ProjectInfo, ProjectQuery } from "../provider/lookups/projects.js";
import type { FoundServiceAccount, ServiceAccountQuery } from "../provider/lookups/serviceAccount.js";
import { lookUp, lookUpOutput, type Later, type LookupOptions } from "./lookUp.js";

export type { Later, LookupOptions } from "./lookUp.js";
export type { FoundServiceAccount, Identity, Member, MemberFilter, Organization };
export type { ProjectFilter, ProjectInfo, ProjectQuery, Role, ServiceAccountQuery };

/**
 * The organizations that the credentials can see.
 *
 * @remarks Like every lookup, this is requested once per run.
 * @throws RunError that names the missing setting or contains the API's error, like every lookup
 */
export const getOrganizations = (opts?: LookupOptions): Promise<Organization[]> =>
  lookUp("getOrganizations", {}, opts);

/** Like `getOrganizations`, but accepts a provider whose credentials are outputs. */
export const getOrganizationsOutput = (opts?: LookupOptions): pulumi.Output<Organization[]> =>
  lookUpOutput("getOrganizations", {}, opts);

/**
 * The projects that the credentials can see and that match every filter, in the API's order. If no project has the
 * given `displayName`, that is an error. If no project matches the labels or keywords, the list is empty.
 *
 * @example
 * ```ts
 * export = async () => {
 *   const projects = await dt.getProjects({ organization: "c11humqoss9000pgu53g", labels: { monitored: "company-a" } });
 *   new dt.AccessGrant("company-a", { member: emailOfA, role: "project.user", projects });
 * };
 * ```
 */
export const getProjects = (filter: ProjectFilter = {}, opts?: LookupOptions): Promise<ProjectInfo[]> =>
  lookUp("getProjects", filter, opts);

/** Like `getProjects`, but accepts outputs. */
export const getProjectsOutput = (
  filter: Later<ProjectFilter> = {},
  opts?: LookupOptions,
): pulumi.Output<ProjectInfo[]> => lookUpOutput("getProjects", filter, opts);

/**
 * The project with this `name`, or the one that has this `displayName` and these `labels`. Exactly one must match.
 *
 * @example
 * ```ts
 * const client = dt.getProjectOutput({ organization: "c11humqoss9000pgu53g", labels: { customer: "b" } });
 * new dt.ProjectRoleBinding("jane", { project: client.name, member: "jane@example.com", role: "project.user" });
 * ```
 */
export const getProject = (query: ProjectQuery, opts?: LookupOptions): Promise<ProjectInfo> =>
  lookUp("getProject", query, opts);

/** Like `getProject`, but accepts outputs. */
export const getProjectOutput = (
  query: Later<ProjectQuery>,
  opts?: LookupOptions,
): pulumi.Output<ProjectInfo> => lookUpOutput("getProject", query, opts);

/** The service account with this `name`, this `email`, or this `project` and `displayName`. Exactly one must match. */
export const getServiceAccount = (
  query: ServiceAccountQuery,
  opts?: LookupOptions,
): Promise<FoundServiceAccount> => lookUp("getServiceAccount", query, opts);

/** Like `getServiceAccount`, but accepts outputs. */
export const getServiceAccountOutput = (
  query: Later<ServiceAccountQuery>,
  opts?: LookupOptions,
): pulumi.Output<FoundServiceAccount> => lookUpOutput("getServiceAccount", query, opts);

/**
 * The members of a project or of an organization. With `inProjects`, the members of all projects in the organization.
 *
 * @example
 * ```ts
 * // All access of company A's account, including access that is not in this program.
 * const access = await dt.getMembers({ organization, inProjects: true, email: emailOfA });
 * ```
 */
export const getMembers = (filter: MemberFilter, opts?: LookupOptions): Promise<Member[]> =>
  lookUp("getMembers", filter, opts);

/** Like `getMembers`, but accepts outputs. */
export const getMembersOutput = (
  filter: Later<MemberFilter>,
  opts?: LookupOptions,
): pulumi.Output<Member[]> => lookUpOutput("getMembers", filter, opts);

/** The roles that the API offers, with their permissions. */
export const getRoles = (opts?: LookupOptions): Promise<Role[]> => lookUp("getRoles", {}, opts);

/** Like `getRoles`, but accepts a provider whose credentials are outputs. */
export const getRolesOutput = (opts?: LookupOptions): pulumi.Output<Role[]> =>
  lookUpOutput("getRoles", {}, opts);

/** The identity that the program or a provider runs as. This logs in, so it also checks the credentials. */
export const whoAmI = (opts?: LookupOptions): Promise<Identity> => lookUp("whoAmI", {}, opts);

/** Like `whoAmI`, but accepts a provider whose credentials are outputs. */
export const whoAmIOutput = (opts?: LookupOptions): pulumi.Output<Identity> =>
  lookUpOutput("whoAmI", {}, opts);
