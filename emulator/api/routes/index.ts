import type { Route } from "../route";
import { memberBatchRoutes } from "./memberBatches";
import { organizationMemberRoutes, projectMemberRoutes } from "./members";
import { organizationRoutes, roleRoutes } from "./organizations";
import { projectRoutes } from "./projects";
import { keyRoutes, serviceAccountRoutes } from "./serviceAccounts";
import { wildcardMemberRoutes } from "./wildcardMembers";

/** The API's calls; a wildcard stands before the parameter that would match it, too. */
export const routes: readonly Route[] = [
  ...wildcardMemberRoutes,
  ...memberBatchRoutes,
  ...serviceAccountRoutes,
  ...keyRoutes,
  ...projectMemberRoutes,
  ...organizationMemberRoutes,
  ...roleRoutes,
  ...projectRoutes,
  ...organizationRoutes,
];
