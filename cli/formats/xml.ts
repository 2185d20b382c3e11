/** An XML element with attributes and with either text or child elements. */
export interface Element {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly content?: string | readonly Element[];
}

/**
 * A complete XML 1.0 document, indented. Characters that XML doesn't allow, such as control characters, become spaces.
 */
export const xmlDocument = (root: Element): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${xml(root, "")}`;

function xml({ tag, attributes = {}, content = [] }: Element, indent: string): string {
  const pairs = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${escapedAttribute(String(value))}"`,
  );
  const start = `${indent}<${tag}${pairs.join("")}`;
  if (content.length === 0) return `${start}/>\n`;
  const inside =
    typeof content === "string"
      ? escapedText(content)
      : `\n${content.map((child) => xml(child, `${indent}  `)).join("")}${indent}`;
  return `${start}>${inside}</${tag}>\n`;
}

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
};

const refer = (character: string): string => references[character] ?? character;
const holdable = (text: string): string =>
  text.replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, " ");
const escapedText = (text: string): string => holdable(text).replace(/[&<>]/g, refer);
/** Also escapes tabs and line ends, which a parser would convert to spaces. */
const escapedAttribute = (text: string): string => holdable(text).replace(/[&<>"\t\n]/g, refer);
