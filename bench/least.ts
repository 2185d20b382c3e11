import { availableParallelism } from "node:os";
import type { Case, Operation } from "./case";

/** The engine's own default. */
const parallelOf = ({ parallel }: Case): number => parallel ?? 4 * availableParallelism();

/**
 * The fewest requests that an operation can take, without the login: a batch holds what the engine sends at once, a page a hundred.
 * A role changes by a PATCH each, since the API has no call for several.
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

/** The least time, in seconds, in which a limit of 25 in 5 seconds lets so many requests pass. */
export const leastSeconds = (requests: number): number =>
  requests <= 25 ? 0 : 5 * Math.floor((requests - 1) / 25);
