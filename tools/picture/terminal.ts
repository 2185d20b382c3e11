import { styledLines, type Run } from "./ansi";

const columns = 92;
const rows = 33;
/** The size of a character, in pixels. */
const width = 7.8;
const height = 18;
const margin = 14;
const bar = 30;

/** How long the recording waits after a line, in milliseconds. Fixed, so that every recording is the same. */
const pauseAfter = (line: string, next = ""): number =>
  line.startsWith("$ ") ? 900 : next === "" || next.includes("── ") ? 700 : 60;

/**
 * An animated SVG of a terminal in which lines appear one by one and scroll. If animations are off, it shows
 * the end.
 *
 * @param lines with ANSI colors
 */
export function terminalSvg(lines: readonly string[], title: string): string {
  const styled = styledLines(lines);
  const times = timesOf(lines);
  const total = (times.at(-1) ?? 0) + 1;
  const [fullWidth, fullHeight] = [columns * width + 2 * margin, rows * height + bar + 2 * margin];
  const scrolled = (index: number): number => Math.max(0, index + 1 - rows) * height;
  const frames = times.map((time, index) => {
    const percent = ((100 * time) / total).toFixed(2);
    return `${percent}%{transform:translateY(-${scrolled(index)}px)}`;
  });
  const end = `translateY(-${scrolled(lines.length - 1)}px)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fullWidth} ${fullHeight}" width="${fullWidth}" height="${fullHeight}" role="img" aria-label="${escaped(title)}">
<style>
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1d9;white-space:pre}
.b{font-weight:bold}
#all{transform:${end};animation:scroll ${total}ms step-end both}
.l{animation:show 1ms both}
@keyframes show{from{opacity:0}}
@keyframes scroll{${frames.join("")}100%{transform:${end}}}
@media (prefers-reduced-motion:reduce){#all,.l{animation:none}}
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${["#ff5f57", "#febc2e", "#28c840"].map((color, index) => `<circle cx="${20 + 20 * index}" cy="19" r="6" fill="${color}"/>`).join("")}
<svg x="${margin}" y="${bar + margin}" width="${columns * width}" height="${rows * height}">
<g id="all">
${styled.map((runs, index) => lineSvg(runs, index, times[index] ?? 0)).join("\n")}
</g>
</svg>
</svg>
`;
}

/** The text of each line in a picture, without colors. */
export const linesIn = (svg: string): string[] =>
  [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, content = ""]) =>
    content
      .replace(/<[^>]*>/g, "")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, "&"),
  );

function timesOf(lines: readonly string[]): number[] {
  let time = 300;
  return lines.map((line, index) => {
    const at = time;
    time += pauseAfter(line, lines[index + 1]);
    return at;
  });
}

/** Each run has its own position and length, so that tables stay aligned in any font. */
function lineSvg(runs: readonly Run[], index: number, time: number): string {
  let column = 0;
  const spans = runs.map(({ text, color, bold }) => {
    const { length } = text;
    const x = (column * width).toFixed(1);
    column += length;
    const style = `${bold ? ' class="b"' : ""}${color === undefined ? "" : ` style="fill:${color}"`}`;
    return `<tspan x="${x}" textLength="${(length * width).toFixed(1)}"${style}>${escaped(text)}</tspan>`;
  });
  const y = (index + 1) * height - 4;
  return `<text class="l" y="${y}" style="animation-delay:${time}ms">${spans.join("")}</text>`;
}

const escaped = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
