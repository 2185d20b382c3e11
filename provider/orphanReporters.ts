import type { OrphanReporter } from "./recovery/orphanReport.js";
import { membershipOrphans } from "./memberships/membership.js";
import { accountOrphans } from "./accounts/createServiceAccount.js";
import { projectOrphans } from "./projects/createProject.js";
import { keyOrphans } from "./keys/orphanKeys.js";

/** A reporter for every kind of thing that an interrupted run may have created. */
export const orphanReporters: readonly OrphanReporter[] = [
  projectOrphans,
  accountOrphans,
  keyOrphans,
  membershipOrphans,
];
