import Table from "cli-table3";
import pc from "picocolors";
import type { Review } from "../review.js";
import { more, sectionsOf, stackOf, summaryOf } from "./words.js";

/** Tables for a terminal. A row is one line, whatever its length, so that ids can be copied. */
export function table(review: Review, { isColoured }: { readonly isColoured: boolean }): string {
  const colours = pc.createColors(isColoured);
  const tables = sectionsOf(review).map(({ title, head, rows, isDangerous }) => {
    const box = new Table({
      chars: borderless,
      style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
      head: head.length === 1 ? [] : head.map((text) => colours.dim(text)),
    });
    box.push(...rows.map(([first = "", ...rest]) => [marked(first), ...rest]));
    const tint = isDangerous ? colours.red : colours.cyan;
    const lines = box
      .toString()
      .split("\n")
      .map((line) => `  ${line.trimEnd()}`);
    return [colours.bold(tint(title)), ...lines, ""].join("\n");
  });
  const tint = { 0: colours.green, 2: colours.red, 3: colours.magenta }[review.exitCode];
  return `${[
    colours.bold(`Review of ${stackOf(review)}`),
    "",
    ...tables,
    ...(review.isFromCloud ? [] : [colours.dim(offline), ""]),
    colours.bold(tint(summaryOf(review))),
  ].join("\n")}\n`;

  /** Changes that give more are red. */
  function marked(text: string): string {
    return text.startsWith(more) ? colours.red(text) : text;
  }
}

/** What a reader of a review without credentials must know. */
export const offline =
  "The present state is that of the preview, because no credentials are set: who has access in the cloud was not looked at.";

const borderless = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
  ].map((name) => [name, ""]),
);
