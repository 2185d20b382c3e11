import type { Finding } from "../findings/finding.js";
import { byDanger } from "../findings/severity.js";
import type { Format, Report } from "./report.js";
import { messageOf, subjectOf, tally } from "./words.js";

/** GitHub shows at most 10 annotations of each kind for a step. It silently drops the others. */
const most = 10;

/** Workflow commands that GitHub Actions shows as annotations. If there are too many, the last one counts the rest. */
export const github: Format = (report) => {
  const findings = byDanger(report.findings);
  const shown = findings.length > most ? findings.slice(0, most - 1) : findings;
  const rest = findings.length - shown.length;
  return [
    ...shown.map((finding) =>
      annotation(
        levelOf(finding, report),
        `pulumi-dt: ${finding.class}`,
        `${subjectOf(finding)}: ${messageOf(finding)}`,
      ),
    ),
    ...(rest === 0 ? [] : [annotation("warning", "pulumi-dt", `+${rest} more; ${tally(report)}`)]),
  ].join("");
};

const levelOf = ({ class: kind }: Finding, { failOn }: Report): string =>
  failOn.includes(kind) ? "error" : kind === "unread" ? "warning" : "notice";

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export const annotation = (level: string, title: string, message: string): string =>
  `::${level} title=${escapeData(title).replaceAll(":", "%3A").replaceAll(",", "%2C")}::${escapeData(message)}\n`;

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
