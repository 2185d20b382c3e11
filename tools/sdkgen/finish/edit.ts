import { readFileSync, writeFileSync } from "node:fs";

/** Replaces a text in a generated file. @throws Error if it is not there, because the generator has changed */
export function replaceIn(
  file: string,
  ...replacements: readonly (readonly [from: string, to: string])[]
): void {
  let text = readFileSync(file, "utf8");
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`The generator no longer writes this in ${file}: ${from}`);
    text = text.replaceAll(from, () => to);
  }
  writeFileSync(file, text);
}
