import { github } from "./github.js";
import { json } from "./json.js";
import { junit } from "./junit.js";
import { issue, markdown } from "./markdown.js";
import { outReader, writeText, type Out } from "./out.js";
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

const byEnding: readonly (readonly [ending: RegExp, format: FormatName])[] = [
  [/\.sarif(\.json)?$/, "sarif"],
  [/\.json$/, "json"],
  [/\.xml$/, "junit"],
  [/\.md$/, "markdown"],
  [/\.txt$/, "table"],
];

/** Reads `FORMAT=FILE`, or `FILE` with the extension of a format. @throws Error if the text is neither */
export const readOut = outReader(formatNames, byEnding);

export const writeOut = (report: Report, { format, file }: Out<FormatName>): void =>
  writeText(file, formats[format](report));
