import { markdownCode, markdownText } from "./markdownText.js";
import { classes, type Finding } from "../findings/finding.js";
import { byDanger } from "../findings/severity.js";
import type { Format, Report } from "./report.js";
import { classTitles, notesOf, messageOf, resourceNames, subjectOf, tally } from "./words.js";

/** GitHub shows a step summary only if it has at most 1 MiB. The rest is for other commands in the same step. */
const mostBytes = 900 * 1024;

/** GitHub allows at most 65,536 characters in an issue. GitLab allows more. */
const mostInAnIssue = 60_000;

/** Markdown for a step summary of at most 900 KiB. Findings that don't fit are counted. */
export const markdown: Format = (report) => markdownOf(report, mostBytes);

/** The same Markdown, short enough for an issue. */
export const issue: Format = (report) => markdownOf(report, mostInAnIssue);

function markdownOf(report: Report, most: number): string {
  const head = [
    `## Access drift: ${markdownText(`${report.project}/${report.stack}`)}`,
    "",
    `**${markdownText(tally(report))}**`,
    "",
  ];
  const tail = [
    "<details><summary>Coverage</summary>",
    "",
    ...firstOf(notesOf(report)).map((line) => `- ${markdownText(line)}`),
    "",
    "</details>",
    "",
  ];
  let room = most - bytesOf([...head, ...tail]) - 200;
  let left = report.findings.length;
  const sorted = byDanger(report.findings);
  const body: string[] = [];
  for (const name of classes) {
    const findings = sorted.filter((finding) => finding.class === name);
    if (findings.length === 0) continue;
    const rows = ["", `### ${classTitles[name]}`, "", "| What | How | Resource |", "| --- | --- | --- |"];
    room -= bytesOf(rows);
    for (const finding of findings) {
      const line = row(finding);
      room -= bytesOf([line]);
      if (room < 0) break;
      rows.push(line);
      left--;
    }
    if (rows.length > 5) body.push(...rows);
  }
  const more = left === 0 ? [] : ["", `+${left} more`];
  return [...head, ...body, ...more, "", ...tail].join("\n");
}

/** The first fifty lines, and the number of other lines. */
const firstOf = (lines: readonly string[]): string[] =>
  lines.length <= 50 ? [...lines] : [...lines.slice(0, 50), `+${lines.length - 50} more`];

const bytesOf = (lines: readonly string[]): number => Buffer.byteLength(lines.join("\n")) + 1;

const row = (finding: Finding): string =>
  `| ${markdownCode(subjectOf(finding))} | ${markdownCode(messageOf(finding))} | ${resourceNames(finding).map(markdownCode).join(" ")} |`;
