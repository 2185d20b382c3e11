import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Runs jest as this project does, on tests with this code. @returns the output */
async function run(code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-report-test-"));
  try {
    writeFileSync(join(folder, "some.test.js"), code);
    const config = {
      rootDir: folder,
      testEnvironment: join(__dirname, "environment.cjs"),
      setupFiles: [join(__dirname, "console.cjs")],
      reporters: ["default", join(__dirname, "reporter.cjs")],
    };
    const jest = require.resolve("jest/bin/jest");
    const args = [jest, "--config", JSON.stringify(config), "--maxWorkers=1"];
    const { all } = await execa(process.execPath, args, { cwd: folder, all: true, reject: false });
    return all ?? "";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const noisy = `
  test("passes", () => { console.warn(["a", "warning"].join(" ")); process.stdout.write(["a", "notice"].join(" ")); });
`;

test("the product's output in a passing test is not shown", async () => {
  const text = await run(noisy);
  expect(text).toContain("1 passed");
  expect(text).not.toMatch(/a warning|a notice/);
});

test("the product's output in a failing test is shown, and that of other tests is not", async () => {
  const text = await run(
    `${noisy}; test("fails", () => { console.warn("of the second"); throw new Error("no"); });`,
  );
  expect(text).toContain('Printed in "fails":\nof the second\n');
  expect(text).not.toMatch(/a warning|a notice/);
});

test("a test that did not run is one line at the end, however often it is recorded", async () => {
  const note = `require("node:fs").appendFileSync(process.env.PULUMI_DT_NOT_RUN, "Not run: the thing.\\n")`;
  const text = await run(`test.each([1, 2])("%s", () => { ${note}; });`);
  expect(text.match(/^Not run: the thing\.$/gm)).toHaveLength(1);
});

describe("without a record of earlier runs", () => {
  const SlowestFirst = jest.requireActual<{
    slow: string[];
    new (): { sort(all: object[]): { path: string }[] };
  }>("./sequencer.cjs");

  test("slow test files start first", () => {
    const context = { config: { rootDir: "/clone", cache: false }, hasteFS: { getSize: () => 1 } };
    const files = [
      "tests/files/a",
      "tests/engine/a",
      "tests/faults/engine/a",
      "tests/faults/engine/schedules",
    ];
    const sorted = new SlowestFirst().sort(
      files.map((file) => ({ path: `/clone/${file}.test.ts`, context })),
    );
    expect(sorted.map(({ path }) => path)).toEqual(
      [...files].reverse().map((file) => `/clone/${file}.test.ts`),
    );
  });

  test("each path in the list of slow files is there", () => {
    const files = readdirSync(join(__dirname, ".."), { recursive: true, encoding: "utf8" }).map(
      (file) => `tests/${file}`,
    );
    const gone = SlowestFirst.slow.filter((start) => !files.some((file) => `${file}/`.startsWith(start)));
    expect(gone).toEqual([]);
  });
});
