import type { OrphanReporter } from "./leftovers.js";
import { membershipOrphans } from "./membership.js";
import { accountOrphans } from "./newServiceAccount.js";
import { keyOrphans } from "./strayKeys.js";

/** Every kind of thing that an interrupted run may have created. */
export const orphanReporters: readonly OrphanReporter[] = [accountOrphans, keyOrphans, membershipOrphans];
