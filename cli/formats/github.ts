import type { FindingClass } from "../findings/finding.js";
import { byDanger } from "../findings/severity.js";
import type { Format, Report } from "./report.js";
import { selfSentences } from "./self.js";
import { messageOf, subjectOf, tally } from "./words.js";

/** GitHub shows at most 10 annotations of each kind for a step. It silently drops the others. */
const most = 10;

/** Workflow commands that GitHub Actions shows as annotations. If there are too many, the last one counts the rest. */
export const github: Format = (report) => {
  const findings = byDanger(report.findings);
  const own = findings.filter(({ class: kind }) => kind === "self");
  const lines = [
    ...findings
      .filter(({ class: kind }) => kind !== "self")
      .map((finding) => annotate(report, finding.class, `${subjectOf(finding)}: ${messageOf(finding)}`)),
    ...selfSentences(own).map((sentence) => annotate(report, "self", sentence)),
  ];
  const shown = lines.length > most ? lines.slice(0, most - 1) : lines;
  const rest = lines.length - shown.length;
  return [
    ...shown,
    ...(rest === 0 ? [] : [annotation("warning", "pulumi-dt", `+${rest} more; ${tally(report)}`)]),
  ].join("");
};

const annotate = (report: Report, kind: FindingClass, text: string): string =>
  annotation(levelOf(kind, report), `pulumi-dt: ${kind}`, text);

const levelOf = (kind: FindingClass, { failOn }: Report): string =>
  failOn.includes(kind) ? "error" : kind === "unread" ? "warning" : "notice";

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export const annotation = (level: string, title: string, message: string): string =>
  `::${level} title=${escapeData(title).replaceAll(":", "%3A").replaceAll(",", "%2C")}::${escapeData(message)}\n`;

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
