import Table from "cli-table3";
import pc from "picocolors";
import { printable } from "../../provider/api/text/foreignText.js";
import { classes, type FindingClass } from "../findings/finding.js";
import type { Report } from "./report.js";
import { classTitles, coverageLines, messageOf, resourceNames, subjectOf, tally } from "./words.js";

type Colour = (text: string) => string;

/** The width of the table, and whether it has colours. */
export interface Look {
  readonly isColoured: boolean;
  /** Characters per line. */
  readonly width: number;
}

/** A table for people. */
export function table(report: Report, { isColoured, width }: Look): string {
  const colours = pc.createColors(isColoured);
  const tints: Record<FindingClass, Colour> = {
    unmanaged: colours.red,
    replaced: colours.red,
    changed: colours.yellow,
    missing: colours.yellow,
    unread: colours.magenta,
    "address-changed": colours.cyan,
    pending: colours.cyan,
    "rotation-due": colours.cyan,
  };
  const sections = classes
    .filter((name) => report.counts[name] > 0)
    .map((name) => `${colours.bold(tints[name](classTitles[name]))}\n${rows(report, name, width)}\n`);
  const tint = { 0: colours.green, 2: colours.red, 3: colours.magenta }[report.exitCode];
  return `${[
    colours.bold(printable(`Stack ${report.project}/${report.stack}`)),
    "",
    ...sections,
    ...coverageLines(report).map(colours.dim),
    "",
    colours.bold(tint(tally(report))),
  ].join("\n")}\n`;
}

function rows(report: Report, name: FindingClass, width: number): string {
  const [first, last] = [Math.floor(width * 0.45), Math.floor(width * 0.2)];
  const box = new Table({
    head: ["what", "how", "resource"],
    colWidths: [first, width - first - last, last],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], compact: true },
  });
  for (const finding of report.findings) {
    if (finding.class === name)
      box.push([subjectOf(finding), messageOf(finding), resourceNames(finding).join("\n")]);
  }
  return box.toString();
}
