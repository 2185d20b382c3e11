import ts from "typescript";

/** What the doc comment of a declaration says to readers of any language. */
export interface Comment {
  /** The main text. Empty if there is no comment. */
  readonly text: string;
  /** The value of `@default`, if it is JSON. */
  readonly byDefault?: string | number | boolean;
}

/**
 * Reads a doc comment. `@remarks`, `@example` and `@throws` are for readers of TypeScript only. A `@default` becomes a
 * sentence.
 */
export function commentOf(node: ts.Node): Comment {
  const main = ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => unwrap(ts.getTextOfJSDocComment(comment)))
    .join("\n\n");
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "default");
  if (tag === undefined) return { text: main };
  const given = unwrap(ts.getTextOfJSDocComment(tag.comment));
  const value = parse(given);
  const shown = value === undefined ? given : `\`${String(value)}\``;
  const text = [main, `The default is ${shown}.`].filter((part) => part !== "").join(" ");
  return value === undefined ? { text } : { text, byDefault: value };
}

/** One line for each paragraph. */
const unwrap = (text = ""): string =>
  text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, " ").trim())
    .join("\n\n")
    .trim();

function parse(text: string): string | number | boolean | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}
