import { withoutColors } from "./ansi";

/**
 * The lines of the demo's output that the picture shows: the summaries, the created resources and the access
 * table. They are the same after every run: they have no times, a fixed order, and ids that are numbered
 * instead of random.
 */
export function excerpt(output: string): string[] {
  const sections = output.split(/^(?=.*── )/m).map((text) => text.split("\n"));
  const section = (title: string): string[] =>
    sections.find(([first = ""]) => withoutColors(first).startsWith(`── ${title}`)) ?? [];
  const [preview, update, access] = ["pulumi preview", "pulumi up", "Who has access"].map(section);
  return withNumberedIds([
    "$ make demo",
    ...titleOf(preview),
    ...matching(preview, /^Resources:|\d+ to create/),
    "",
    ...titleOf(update),
    ...matching(update, / created \(/)
      .map((line) => line.replace(/ \([\d.]+m?s\)/, ""))
      .sort((a, b) => (withoutColors(a) < withoutColors(b) ? -1 : 1)),
    ...matching(update, /^Resources:|\d+ created$/),
    "",
    ...titleOf(access),
    ...matching(access, /^[┌├│└]/),
  ]);
}

const titleOf = (section: string[] = []): string[] => section.slice(0, 1);

const matching = (section: string[] = [], pattern: RegExp): string[] =>
  section.filter((line) => pattern.test(withoutColors(line))).map((line) => line.trimEnd());

function withNumberedIds(lines: readonly string[]): string[] {
  let count = 0;
  return lines.map((line) =>
    line.replace(/\b[0-9a-v]{20}\b/g, () => `c8s3k0p1q2r4t5u6v7${String(++count).padStart(2, "0")}`),
  );
}
