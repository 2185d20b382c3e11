import type { Rule } from "eslint";
import { paragraphsIn } from "./comments";
import { findingsIn } from "./findings";

/** Reports words that are hard to read in the paragraphs of a Markdown page or in the comments of a program. */
export const plainEnglish: Rule.RuleModule = {
  meta: { type: "suggestion", schema: [] },
  create(context) {
    const { sourceCode } = context;
    const check = (index: number, text: string): void => {
      for (const finding of findingsIn(text))
        context.report({ loc: sourceCode.getLocFromIndex(index + finding.index), message: finding.message });
    };
    const checkNode = (node: unknown): void => {
      const [start, end] = sourceCode.getRange(node as Rule.Node);
      check(start, sourceCode.text.slice(start, end));
    };
    return {
      paragraph: checkNode,
      heading: checkNode,
      tableCell: checkNode,
      Program() {
        for (const { index, text } of paragraphsIn(sourceCode.text, sourceCode.getAllComments()))
          check(index, text);
      },
    };
  },
};
