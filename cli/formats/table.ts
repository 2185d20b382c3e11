import pc from "picocolors";
import { oneLine, printable } from "../../provider/api/text/foreignText.js";
import { redact } from "../../provider/api/text/redact.js";
import { classes, type Finding, type FindingClass } from "../findings/finding.js";
import { byDanger } from "../findings/severity.js";
import { endingParagraphs, endingTitle } from "./ending.js";
import type { Report } from "./report.js";
import { selfParagraphs } from "./self.js";
import { sentenceOf } from "./sentence.js";
import { classTitles, coverageLines, resourceNames, tally } from "./words.js";

type Colour = (text: string) => string;

/** Whether the text has colours. */
export interface Look {
  readonly isColoured: boolean;
}

/**
 * Text for people to read and to paste: one paragraph for each finding, the most dangerous first. A name of the API and
 * a command each have a line of their own that is never broken.
 */
export function table(report: Report, { isColoured }: Look): string {
  const colours = pc.createColors(isColoured);
  const tints: Record<FindingClass, Colour> = {
    unmanaged: colours.red,
    replaced: colours.red,
    changed: colours.yellow,
    missing: colours.yellow,
    unread: colours.magenta,
    "address-changed": colours.cyan,
    expired: colours.cyan,
    pending: colours.cyan,
    "rotation-due": colours.cyan,
    self: colours.cyan,
  };
  const sorted = byDanger(report.findings);
  const sections = classes
    .filter((name) => report.counts[name] > 0)
    .map((name) => {
      const findings = sorted.filter((finding) => finding.class === name);
      const paragraphs = name === "self" ? selfParagraphs(findings) : findings.map(paragraph);
      return [colours.bold(tints[name](classTitles[name])), "", ...paragraphs.map((lines) => `${lines}\n`)];
    });
  const ending = endingParagraphs(report);
  const soon =
    ending.length === 0 ? [] : [colours.bold(endingTitle(report)), "", ...ending.map((text) => `${text}\n`)];
  const tint = { 0: colours.green, 2: colours.red, 3: colours.magenta }[report.exitCode];
  return `${[
    colours.bold(printable(`Stack ${report.project}/${report.stack}`)),
    "",
    ...sections.flat(),
    ...soon,
    ...coverageLines(report).map(colours.dim),
    "",
    colours.bold(tint(tally(report))),
  ].join("\n")}\n`;
}

function paragraph(finding: Finding): string {
  const { id, createTime, note, commands = {} } = finding;
  const since = finding.kind === "membership" ? "member since" : "created";
  const resources = resourceNames(finding);
  return [
    sentenceOf(finding),
    ...(createTime === undefined ? [] : [`${since} ${createTime}`]),
    ...(note === undefined ? [] : [note]),
    ...(resources.length === 0 ? [] : [`declared by ${resources.join(", ")}`]),
    id,
    ...Object.entries(commands).map(([what, command]) => `${`${what}:`.padEnd(8)} ${command}`),
  ]
    .map((line, index) => `${index === 0 ? "" : "  "}${unbroken(line)}`)
    .join("\n");
}

/** Text on one line without the usual limit, because a name or a command must stay whole. */
const unbroken = (line: string): string => oneLine(redact(line), 10_000);
