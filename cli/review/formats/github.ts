import { annotation } from "../../formats/github.js";
import type { Review } from "../review.js";
import { sectionsOf, summaryOf } from "./words.js";

/** GitHub shows at most 10 annotations of each kind for a step. It silently drops the others. */
const most = 9;

/** Workflow commands that GitHub Actions shows as annotations: the dangerous changes, then the summary. */
export function github(review: Review): string {
  const dangerous = sectionsOf(review).filter(({ isDangerous }) => isDangerous);
  const lines = dangerous.flatMap(({ title, rows }) => rows.map((row) => ({ title, row })));
  const level = review.exitCode === 2 ? "error" : "warning";
  const rest = lines.length - most;
  const summary = `${summaryOf(review)}${rest > 0 ? `; ${rest} more lines in the review` : ""}`;
  return [
    ...lines
      .slice(0, most)
      .map(({ title, row }) =>
        annotation(level, `pulumi-dt review: ${title}`, row.filter(Boolean).join(" | ")),
      ),
    annotation("notice", "pulumi-dt review", summary),
  ].join("");
}
