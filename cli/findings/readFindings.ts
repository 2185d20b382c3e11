import { decisionDate } from "../../provider/session/session.js";
import type { Place } from "../../access/effective.js";
import { readPlaces } from "../cloud/places.js";
import { progressBar } from "../cloud/progress.js";
import { titlesOf } from "../cloud/titles.js";
import type { Logins } from "../credentials.js";
import type { States } from "../state/source.js";
import { applyBaseline, namesIn, organizationsIn, type Baseline, type Decided } from "./baseline.js";
import { withCommands, type SameFindings } from "./commands.js";
import { compareWithCloud, type StackComparison } from "./compareWithCloud.js";
import { withNames } from "./names.js";

/** The findings about a stack, after the decisions of the baseline, and what they come from. */
export interface Findings {
  readonly comparison: StackComparison;
  readonly decided: Decided;
  readonly places: readonly Place[];
  /** The date that the decisions are based on. */
  readonly asOf: Date;
}

/**
 * Reads the cloud, and compares it with the states. `drift` and `report` both call this, so they find the same.
 *
 * @param options the options that the printed commands repeat
 * @param isStrict also reports members that every project has by default, and the identity that Pulumi runs as
 */
export async function readFindings(
  states: States,
  logins: Logins,
  baseline: Baseline,
  options: SameFindings,
  isStrict = false,
): Promise<Findings> {
  const { session, byProvider } = logins;
  const bar = await progressBar("Reading");
  const [comparison, places] = await Promise.all([
    compareWithCloud(states, session, {
      isStrict,
      // The baseline accepts access that existed when it was written. Later keys and administrators must be reported.
      readsKeysOf: namesIn(baseline),
      alsoRead: organizationsIn(baseline),
      progress: bar.progress,
      byProvider,
    }),
    readPlaces(logins),
  ]).finally(bar.stop);
  const asOf = await decisionDate(session.settings, () => session);
  const named = withNames(comparison.findings, comparison, titlesOf(places));
  const decided = applyBaseline(withCommands(named, options, comparison.stack), baseline, asOf);
  return { comparison, decided, places, asOf };
}
