import type * as pulumi from "@pulumi/pulumi";
import type { Member, MemberFilter } from "../provider/lookups/members.js";
import type { Identity, Organization, Role } from "../provider/lookups/organizations.js";
import type { Project, ProjectFilter } from "../provider/lookups/projects.js";
import type { FoundServiceAccount, ServiceAccountQuery } from "../provider/lookups/serviceAccount.js";
import { lookUp, lookUpOutput, type Later, type LookupOptions } from "./lookUp.js";

export type { Later, LookupOptions } from "./lookUp.js";
export type { FoundServiceAccount, Identity, Member, MemberFilter, Organization, Project };
export type { ProjectFilter, Role, ServiceAccountQuery };

/**
 * The organizations in reach. Asked once in a run, as all lookups.
 *
 * @throws RunError naming the setting that is missing, or what the API said; as all lookups.
 */
export const getOrganizations = (opts?: LookupOptions): Promise<Organization[]> =>
  lookUp("getOrganizations", {}, opts);

/** As `getOrganizations`, for credentials that are known later. */
export const getOrganizationsOutput = (opts?: LookupOptions): pulumi.Output<Organization[]> =>
  lookUpOutput("getOrganizations", {}, opts);

/**
 * The projects in reach that all filters fit, in the API's order. A `displayName` that nothing bears is an error; labels and
 * keywords that nothing fits give an empty list.
 *
 * @example
 * ```ts
 * export = async () => {
 *   const projects = await dt.getProjects({ organization: "c11humqoss9000pgu53g", labels: { monitored: "company-a" } });
 *   new dt.AccessGrant("company-a", { member: emailOfA, role: "project.user", projects });
 * };
 * ```
 */
export const getProjects = (filter: ProjectFilter = {}, opts?: LookupOptions): Promise<Project[]> =>
  lookUp("getProjects", filter, opts);

/** As `getProjects`, for what is known later. */
export const getProjectsOutput = (
  filter: Later<ProjectFilter> = {},
  opts?: LookupOptions,
): pulumi.Output<Project[]> => lookUpOutput("getProjects", filter, opts);

/** One service account: by `name`, by `email`, or by `project` and `displayName`. None, or several, is an error. */
export const getServiceAccount = (
  query: ServiceAccountQuery,
  opts?: LookupOptions,
): Promise<FoundServiceAccount> => lookUp("getServiceAccount", query, opts);

/** As `getServiceAccount`, for what is known later. */
export const getServiceAccountOutput = (
  query: Later<ServiceAccountQuery>,
  opts?: LookupOptions,
): pulumi.Output<FoundServiceAccount> => lookUpOutput("getServiceAccount", query, opts);

/**
 * The members of a project or of an organization; with `inProjects` those of all projects of an organization.
 *
 * @example
 * ```ts
 * // What company A's account has here, whoever granted it.
 * const access = await dt.getMembers({ organization, inProjects: true, email: emailOfA });
 * ```
 */
export const getMembers = (filter: MemberFilter, opts?: LookupOptions): Promise<Member[]> =>
  lookUp("getMembers", filter, opts);

/** As `getMembers`, for what is known later. */
export const getMembersOutput = (
  filter: Later<MemberFilter>,
  opts?: LookupOptions,
): pulumi.Output<Member[]> => lookUpOutput("getMembers", filter, opts);

/** The roles that there are, with their permissions. */
export const getRoles = (opts?: LookupOptions): Promise<Role[]> => lookUp("getRoles", {}, opts);

/** As `getRoles`, for credentials that are known later. */
export const getRolesOutput = (opts?: LookupOptions): pulumi.Output<Role[]> =>
  lookUpOutput("getRoles", {}, opts);

/** Who the program, or a provider, runs as. Logs in, so that it is also a check of the credentials. */
export const whoAmI = (opts?: LookupOptions): Promise<Identity> => lookUp("whoAmI", {}, opts);

/** As `whoAmI`, for credentials that are known later. */
export const whoAmIOutput = (opts?: LookupOptions): pulumi.Output<Identity> =>
  lookUpOutput("whoAmI", {}, opts);
