import type { Route } from "../route";
import { memberBatchRoutes } from "./memberBatches";
import { organizationMemberRoutes, projectMemberRoutes } from "./members";
import { organizationRoutes, roleRoutes } from "./organizations";
import { projectRoutes } from "./projects";
import { keyRoutes, serviceAccountRoutes } from "./serviceAccounts";
import { wildcardMemberRoutes } from "./wildcardMembers";

/** All calls of the API. Wildcard paths come first, because a path with a parameter also matches them. */
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
