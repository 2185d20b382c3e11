/** A comment as ESLint gives it. */
interface Comment {
  readonly type: string;
  readonly value: string;
  readonly range?: [number, number] | undefined;
}

/** A paragraph of a comment. Its text has the length of its source. */
export interface Paragraph {
  /** Where it starts in the file. */
  readonly index: number;
  readonly text: string;
}

/** The paragraphs of a file's comments, without stars and slashes, tags, examples and directives. */
export function paragraphsIn(source: string, comments: readonly Comment[]): Paragraph[] {
  return blocksOf(source, comments).flatMap(({ index, text }) => {
    const plain = text
      .replace(/^[ \t]*(?:\/\*\*?|\*\/|\*|\/\/)|\*\/$/gm, blank)
      .replace(/```[^]*?```/g, blank)
      .replace(/^[ ]*(?:eslint-|@ts-|#!|v8 |istanbul )[^]*/m, blank);
    return split(plain, index);
  });
}

/** Joins line comments on consecutive lines into one text. */
function blocksOf(source: string, comments: readonly Comment[]): Paragraph[] {
  const blocks: { index: number; end: number; isLine: boolean }[] = [];
  for (const { type, range: [index, end] = [0, 0] } of comments) {
    const last = blocks.at(-1);
    const isLine = type === "Line";
    if (last?.isLine === true && isLine && /^\n[ \t]*$/.test(source.slice(last.end, index))) last.end = end;
    else blocks.push({ index, end, isLine });
  }
  return blocks.map(({ index, end }) => ({ index, text: source.slice(index, end) }));
}

/** Splits at empty lines, tags and list items. */
function split(text: string, offset: number): Paragraph[] {
  let index = offset;
  return text.split(/(\n[ \t]*(?=\n|$)|\n(?=[ \t]*(?:@\w+|- )))/).flatMap((part) => {
    const start = index;
    index += part.length;
    // The tag and the name of a parameter are not prose.
    const prose = part.replace(/^\s*@(?:param \S+|\w+)/, blank);
    return prose.trim() === "" ? [] : [{ index: start, text: prose }];
  });
}

const blank = (text: string): string => text.replace(/[^\n]/g, " ");
