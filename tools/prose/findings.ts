import { longestSentence, rules } from "./rules";

/** Words that break a rule. */
export interface Finding {
  /** Where the words start in the text. */
  readonly index: number;
  readonly message: string;
}

/** Returns the words that are hard to read in a paragraph. Code and addresses count as words without a meaning. */
export function findingsIn(paragraph: string): Finding[] {
  const text = withoutCode(paragraph);
  return [...turnsIn(text), ...longSentencesIn(text)].sort((a, b) => a.index - b.index);
}

function turnsIn(text: string): Finding[] {
  return rules.flatMap(({ pattern, advice }) =>
    [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(({ 0: words, index }) => ({
      index,
      message: `"${shortened(words.replace(/\s+/g, " "))}": ${advice}`,
    })),
  );
}

const shortened = (words: string): string => (words.length > 40 ? `${words.slice(0, 40)}…` : words);

function longSentencesIn(text: string): Finding[] {
  let index = 0;
  return text.split(/(?<=[.!?:])(\s+)/).flatMap((part) => {
    const start = index;
    index += part.length;
    const words = part.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
    const message = `a sentence of ${words} words: make two of it (at most ${longestSentence})`;
    return words > longestSentence ? [{ index: start, message }] : [];
  });
}

/** The same text, of the same length, with an "x" in place of each character of code, of addresses and of HTML. */
const withoutCode = (text: string): string =>
  text.replace(/`[^`]*`|\{@\w+ [^}]*\}|<[a-z/!][^>]*>|https?:\/\/\S+|(?<=\]\()[^)]*/g, (code) =>
    "x".repeat(code.length),
  );
