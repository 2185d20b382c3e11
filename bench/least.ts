import { availableParallelism } from "node:os";
import type { Case, Operation } from "./case";

/** The default is the engine's own. */
const parallelOf = ({ parallel }: Case): number => parallel ?? 4 * availableParallelism();

/**
 * The fewest requests that an operation can need, without the login. A batch holds what the engine sends at
 * the same time, and a page holds a hundred. Each changed role needs a PATCH, because the API cannot change
 * several in one call.
 */
export function leastRequests(what: Case, operation: Operation): number {
  const { count, projects } = what;
  const batches = Math.ceil(count / Math.min(parallelOf(what), 100));
  switch (operation) {
    case "up":
    case "destroy":
      return batches;
    case "quiet up":
      return 0;
    case "preview --refresh":
      return Math.min(Math.ceil(count / 100), projects * Math.ceil(count / projects / 100));
    case "role change":
      return Math.round(count / 10);
  }
}

/** The least time, in seconds, that this number of requests needs under a limit of 25 in 5 seconds. */
export const leastSeconds = (requests: number): number =>
  requests <= 25 ? 0 : 5 * Math.floor((requests - 1) / 25);
