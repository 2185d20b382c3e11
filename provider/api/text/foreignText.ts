import { redact } from "./redact.js";

/**
 * Makes text from outside, such as a name, an email, an answer or a file's content, safe to print as one line. The
 * result doesn't contain secrets, control characters, or characters that hide or reorder text. Nothing in it looks like
 * a command to a CI runner. Readable characters of all scripts stay as they are.
 */
export const printable = (text: string): string => oneLine(redact(text));

/**
 * Like {@link printable}, for a text that is redacted already.
 *
 * @param longest the largest number of characters; the rest is cut
 */
export function oneLine(text: string, longest = 300): string {
  const line = text.replace(invisible, " ").replace(commands, "$& ").trim();
  // The cut may leave half a surrogate pair, which makes Pulumi's RPC fail without a message.
  return (line.length > longest ? `${line.slice(0, longest - 1)}…` : line).toWellFormed();
}

/** Like {@link printable}, for a text of several lines. */
export const printableLines = (text: string, longest = 2000): string =>
  redact(text)
    .split("\n")
    .map((line) => oneLine(line, longest))
    .join("\n");

/** Redacts a JSON text, and escapes everything that a terminal or a CI runner would act on. */
export const printableJson = (json: string): string => escapedJson(redact(json));

/** Like {@link printableJson}, without redaction: for text that will be executed, such as a string in a program. */
export const escapedJson = (json: string): string =>
  json.replace(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/gu, escaped).replace(commands, escaped);

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");

/**
 * Control characters and line separators, then characters that are invisible or change the direction of text (UAX #9).
 * Does not match the joiners of scripts and emoji.
 */
const invisible =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

/**
 * The first character of a command to a CI runner. `##[…]`, `##vso[…]` and `##teamcity[…]` work anywhere in a line.
 * `::name …::` works only at the beginning of a line. The text may end up there, so it counts at the start of a word.
 * URNs and IPv6 addresses contain `::`, so in other places only known commands count.
 */
const commands = new RegExp(
  [
    String.raw`#(?=#[a-z]*\[)`,
    String.raw`(?<=^|[\s"'(|,;]):(?=:[a-z])`,
    String.raw`:(?=:(?:error|warning|notice|debug|(?:end)?group|add-mask|stop-commands|set-output|set-env|save-state|add-path|echo|(?:add|remove)-matcher)(?: [^:]{0,200})?::)`,
  ].join("|"),
  "gi",
);

/** Cuts a text to a length that fits all our messages, and that Pulumi's RPC accepts. */
export const shorten = (text: string): string =>
  text
    .split("\n", 20)
    .map((line) => oneLine(line, 2000))
    .join("\n")
    .slice(0, 4000)
    .toWellFormed()
    .trim();
