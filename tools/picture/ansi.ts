/** A piece of a line in one style. */
export interface Run {
  readonly text: string;
  /** A CSS color, or undefined for the terminal's own. */
  readonly color: string | undefined;
  readonly bold: boolean;
}

type Style = Omit<Run, "text">;

const plain: Style = { color: undefined, bold: false };

/** The 16 colors of a terminal, for a dark background. */
const palette = [
  ...["#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4"],
  ...["#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#f0f6fc"],
];

const sequence = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`, "g");

/** The text without colors. */
export const withoutColors = (text: string): string => text.replace(sequence, "");

/** Lines as runs of one style. A style lasts until the next sequence, even past the end of a line. */
export function styledLines(lines: readonly string[]): Run[][] {
  let style = plain;
  return lines.map((line) => {
    const runs: Run[] = [];
    let end = 0;
    const add = (text: string): void => {
      if (text !== "") runs.push({ text, ...style });
    };
    for (const { 0: whole, 1: codes = "", index } of line.matchAll(sequence)) {
      add(line.slice(end, index));
      end = index + whole.length;
      style = changed(style, codes.split(";").map(Number));
    }
    add(line.slice(end));
    return runs;
  });
}

function changed(style: Style, [code = 0, ...rest]: readonly number[]): Style {
  if (code === 38) return { ...style, color: palette[rest[1] ?? 0] };
  const next = codeOf(style, code);
  return rest.length === 0 ? next : changed(next, rest);
}

function codeOf(style: Style, code: number): Style {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 22) return { ...style, bold: false };
  if (code === 39) return { ...style, color: undefined };
  const bright = code >= 90 ? 8 : 0;
  return code >= 30 && code <= 97 ? { ...style, color: palette[(code % 10) + bright] } : style;
}
