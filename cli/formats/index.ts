import { appendFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { github } from "./github.js";
import { json } from "./json.js";
import { junit } from "./junit.js";
import { issue, markdown } from "./markdown.js";
import type { Format, Report } from "./report.js";
import { sarif } from "./sarif.js";
import { table } from "./table.js";

/** All formats, by their name in options. */
export const formats = {
  table: (report) => table(report, { isColoured: false }),
  json,
  sarif,
  junit,
  markdown,
  issue,
  github,
} as const satisfies Record<string, Format>;
export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as FormatName[];

export const isFormatName = (name: string): name is FormatName => Object.hasOwn(formats, name);

/** A file to write and its format. */
export interface Out {
  readonly format: FormatName;
  readonly file: string;
}

const byEnding: readonly (readonly [ending: RegExp, format: FormatName])[] = [
  [/\.sarif(\.json)?$/, "sarif"],
  [/\.json$/, "json"],
  [/\.xml$/, "junit"],
  [/\.md$/, "markdown"],
  [/\.txt$/, "table"],
];

/** Reads `FORMAT=FILE`, or `FILE` with the extension of a format. @throws Error if the text is neither */
export function readOut(text: string): Out {
  const [, format = "", file = ""] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  if (isFormatName(format)) return { format, file };
  const known = byEnding.find(([ending]) => ending.test(basename(text)));
  if (known !== undefined) return { format: known[1], file: text };
  throw new Error(
    `--out ${text}: say the format, as in --out json=${text}; there are ${formatNames.join(", ")}`,
  );
}

/**
 * Writes a report to a file. Appends to the step summary of GitHub Actions, because other commands also write to it.
 */
export function writeOut(report: Report, { format, file }: Out): void {
  const text = formats[format](report);
  if (file === process.env.GITHUB_STEP_SUMMARY) appendFileSync(file, text);
  else writeFileSync(file, text);
}
