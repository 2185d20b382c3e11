import type { Review } from "../review.js";
import { github } from "./github.js";
import { html } from "./html.js";
import { json } from "./json.js";
import { markdown } from "./markdown.js";
import { table } from "./table.js";

/** All formats, by their name in options. */
export const formats = {
  table: (review) => table(review, { isColoured: false }),
  json,
  markdown,
  github,
  html,
} as const satisfies Record<string, (review: Review) => string>;
export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as FormatName[];

/** The formats by the extension of a file. */
export const byEnding: readonly (readonly [ending: RegExp, format: FormatName])[] = [
  [/\.json$/, "json"],
  [/\.md$/, "markdown"],
  [/\.html?$/, "html"],
  [/\.txt$/, "table"],
];
