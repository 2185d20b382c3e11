import type { StackComparison } from "../findings/compareWithCloud.js";
import type { Decided } from "../findings/baseline.js";
import type { Ending } from "../findings/ending.js";
import { withUnreadKeys, type Coverage } from "../findings/coverage.js";
import { classes, type Finding, type FindingClass } from "../findings/finding.js";

/** The content of every format. It doesn't depend on the time or the machine. */
export interface Report {
  readonly project: string;
  readonly stack: string;
  readonly findings: readonly Finding[];
  readonly accepted: Decided["accepted"];
  readonly stale: readonly string[];
  readonly coverage: Coverage;
  readonly counts: Readonly<Record<FindingClass, number>>;
  /** The classes that count as drift in this run. */
  readonly failOn: readonly FindingClass[];
  readonly exitCode: 0 | 2 | 3;
  /** The declared access that ends soon. */
  readonly ending?: Ending;
}

/** Converts a report to text. */
export type Format = (report: Report) => string;

/** Combines a comparison and the baseline's decisions. */
export function reportOf(
  comparison: StackComparison,
  decided: Decided,
  failOn: readonly FindingClass[],
  exitCode: Report["exitCode"],
): Report {
  const { project, stack, inventory } = comparison;
  const { findings, accepted, stale } = decided;
  const coverage = withUnreadKeys(comparison.coverage, decided, inventory);
  const counts = Object.fromEntries(
    classes.map((name) => [name, findings.filter((finding) => finding.class === name).length]),
  ) as Record<FindingClass, number>;
  return { project, stack, findings, accepted, stale, coverage, counts, failOn, exitCode };
}
