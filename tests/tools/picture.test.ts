import { readFileSync } from "node:fs";
import { join } from "node:path";
import { styledLines, withoutColors } from "../../tools/picture/ansi";
import { excerpt } from "../../tools/picture/excerpt";
import { linesIn, terminalSvg } from "../../tools/picture/terminal";

const escape = String.fromCharCode(27);

/** The output of a demo that creates two bindings, in the order in which they were ready. */
const output = (order: readonly string[], id: string): string =>
  [
    "── An emulator of Disruptive's cloud runs at http://127.0.0.1:1234/v2",
    "── pulumi preview",
    "@ previewing update...",
    "Resources:",
    "    + 2 to create",
    "── pulumi up",
    ...order.map((name, index) => ` +  dt:ProjectRoleBinding ${name} creating (${index}s)`),
    ...order.map((name, index) => ` +  dt:ProjectRoleBinding ${name} created (0.${index}4s) `),
    "Resources:",
    "    + 2 created",
    "Duration: 4s",
    "── Who has access to what in the emulator now",
    "┌──┐",
    `│ ${id} │`,
    "└──┘",
    "── Next",
  ].join("\n");

test("two runs of the demo give the same picture, whatever their order, times and ids", () => {
  const first = excerpt(output(["a", "b"], "dc4msvv3bt3di627655g"));
  expect(excerpt(output(["b", "a"], "dc4mu45l4c2l8sekij2g"))).toEqual(first);
  expect(first).toEqual([
    "$ make demo",
    ...["── pulumi preview", "Resources:", "    + 2 to create", "", "── pulumi up"],
    ...["a", "b"].map((name) => ` +  dt:ProjectRoleBinding ${name} created`),
    ...["Resources:", "    + 2 created", "", "── Who has access to what in the emulator now"],
    ...["┌──┐", "│ c8s3k0p1q2r4t5u6v701 │", "└──┘"],
  ]);
});

test("colors become styles, which last until the next sequence", () => {
  const [first, second] = styledLines([`${escape}[1m${escape}[38;5;2m+ ${escape}[0mkey`, "plain"]);
  expect(first).toEqual([
    { text: "+ ", color: "#3fb950", bold: true },
    { text: "key", color: undefined, bold: false },
  ]);
  expect(second).toEqual([{ text: "plain", color: undefined, bold: false }]);
  const green = { color: "#3fb950", bold: false };
  expect(styledLines([`${escape}[32ma`, "b"])).toEqual([
    [{ text: "a", ...green }],
    [{ text: "b", ...green }],
  ]);
});

test("a picture contains every line unchanged, and shows the last line without animations", () => {
  const lines = ["$ make demo", ...Array.from({ length: 60 }, (_, index) => `  <${index}> & "more"`)];
  const svg = terminalSvg(lines, 'A "demo"');
  expect(linesIn(svg)).toEqual(lines);
  // 33 of the 61 lines fit.
  expect(svg).toContain(`#all{transform:translateY(-${28 * 18}px)`);
  expect(svg).toContain("prefers-reduced-motion");
});

test("the README's picture matches its lines, and loads nothing", () => {
  const svg = readFileSync(join(__dirname, "../../docs/images/demo.svg"), "utf8");
  const lines = linesIn(svg);
  expect(lines[0]).toBe("$ make demo");
  expect(lines.map(withoutColors)).toEqual(lines);
  expect(linesIn(terminalSvg(lines, ""))).toEqual(lines);
  expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
});
