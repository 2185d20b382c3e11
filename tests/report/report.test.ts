import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
