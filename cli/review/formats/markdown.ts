import { markdownText as text } from "../../formats/markdownText.js";
import type { Review } from "../review.js";
import { offline } from "./table.js";
import { sectionsOf, stackOf, summaryOf, type Section } from "./words.js";

/** GitHub allows at most 65,536 characters in a comment. */
const mostInAComment = 60_000;
/** A longer list is folded. */
const mostOpen = 15;

/** The first line. It tells a workflow which comment is about this stack. */
const markOf = (review: Review): string =>
  `<!-- pulumi-dt review ${text(stackOf(review)).replaceAll("-->", "")} -->`;

/** Markdown for a comment in a pull request: the summary first, the dangerous first, long lists folded. */
export function markdown(review: Review): string {
  const head = [
    markOf(review),
    `### Access review of ${text(stackOf(review))}`,
    "",
    `**${text(summaryOf(review))}**`,
    "",
    ...(review.isFromCloud ? [] : [`_${offline}_`, ""]),
  ];
  let room = mostInAComment - head.join("\n").length;
  const sections = sectionsOf(review).map((section) => {
    const { lines, left } = linesOf(section, room);
    room -= lines.join("\n").length;
    return left === 0 ? lines : [...lines, `+${left} more`, ""];
  });
  return `${[...head, ...sections.flat()].join("\n")}\n`;
}

function linesOf({ title, head, rows, isDangerous }: Section, room: number) {
  const name = `${isDangerous ? "⚠ " : ""}${title} (${rows.length})`;
  const isList = head.length === 1;
  const lines = rows.map((row) =>
    isList ? `- ${row.map(text).join("")}` : `| ${row.map(text).join(" | ")} |`,
  );
  const table = isList ? [] : [`| ${head.join(" | ")} |`, `|${head.map(() => " --- |").join("")}`];
  const fitting: string[] = [];
  let rest = room - name.length - table.join("\n").length - 200;
  for (const line of lines) {
    rest -= line.length + 1;
    if (rest < 0) break;
    fitting.push(line);
  }
  const left = rows.length - fitting.length;
  if (fitting.length === 0) return { lines: [`**${name}**`, ""], left };
  return fitting.length > mostOpen
    ? {
        lines: [`<details><summary>${name}</summary>`, "", ...table, ...fitting, "", "</details>", ""],
        left,
      }
    : { lines: [`**${name}**`, "", ...table, ...fitting, ""], left };
}
