import { redact } from "./redact.js";

/**
 * Text that came from outside, such as a name, an email, an answer or a file's content, as one line that is safe to print: without
 * secrets, without control characters, without what hides or reorders text, and without anything that a CI runner takes for a command.
 * Readable characters of all scripts stay as they are.
 */
export const printable = (text: string): string => oneLine(redact(text));

/**
 * The same for a text that is redacted already.
 *
 * @param longest how many characters it may have; the rest is cut
 */
export function oneLine(text: string, longest = 300): string {
  const line = text.replace(invisible, " ").replace(commands, "$& ").trim();
  // Half a character, as a cut may leave, makes Pulumi's wire fail without a word.
  return (line.length > longest ? `${line.slice(0, longest - 1)}…` : line).toWellFormed();
}

/** The same for a text of several lines. */
export const printableLines = (text: string, longest = 2000): string =>
  redact(text)
    .split("\n")
    .map((line) => oneLine(line, longest))
    .join("\n");

/** A JSON text that means the same, in which nothing is left that a terminal or a CI runner would act on. */
export const printableJson = (json: string): string => escapedJson(redact(json));

/** The same without redaction: for what is to be carried out, such as a string in a program. */
export const escapedJson = (json: string): string =>
  json.replace(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, escaped).replace(commands, escaped);

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");

/** Control characters and line separators; then what is not seen or turns the direction of text (UAX #9), the joiners of scripts and emoji aside. */
const invisible =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

/**
 * The first sign of what a runner acts on: `##[…]`, `##vso[…]` and `##teamcity[…]` anywhere in a line, `::name …::` at its beginning,
 * which may be here where this text comes to stand. URNs and IPv6 addresses have `::` inside of them, so elsewhere only known commands count.
 */
const commands = new RegExp(
  [
    String.raw`#(?=#[a-z]*\[)`,
    String.raw`(?<=^|[\s"'(|,;]):(?=:[a-z])`,
    String.raw`:(?=:(?:error|warning|notice|debug|(?:end)?group|add-mask|stop-commands|set-output|set-env|save-state|add-path|echo|(?:add|remove)-matcher)(?: [^:]{0,200})?::)`,
  ].join("|"),
  "gi",
);

/** Enough for every sentence of ours, and little enough for Pulumi's wire. */
export const shorten = (text: string): string =>
  text
    .split("\n", 20)
    .map((line) => oneLine(line, 2000))
    .join("\n")
    .slice(0, 4000)
    .toWellFormed()
    .trim();
