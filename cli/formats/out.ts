import { appendFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

/** A file to write and its format. */
export interface Out<Name> {
  readonly format: Name;
  readonly file: string;
}

/**
 * Returns a function that reads `FORMAT=FILE`, or `FILE` with the extension of a format. It throws an Error if the text
 * is neither.
 */
export const outReader =
  <Name extends string>(names: readonly Name[], byEnding: readonly (readonly [RegExp, Name])[]) =>
  (text: string): Out<Name> => {
    const [, word = "", file = ""] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
    const format = names.find((name) => name === word);
    if (format !== undefined) return { format, file };
    const known = byEnding.find(([ending]) => ending.test(basename(text)));
    if (known !== undefined) return { format: known[1], file: text };
    const [example = ""] = names.filter((name) => name !== "table");
    throw new Error(
      `--out ${text}: say the format, as in --out ${example}=${text}; there are ${names.join(", ")}`,
    );
  };

/** Writes a file. Appends to the step summary of GitHub Actions, because other commands also write to it. */
export function writeText(file: string, text: string): void {
  if (file === process.env.GITHUB_STEP_SUMMARY) appendFileSync(file, text);
  else writeFileSync(file, text);
}
