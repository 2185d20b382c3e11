import { execa } from "execa";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-summary-"));
afterAll(() => rmSync(folder, { recursive: true }));

const none = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};

async function summarize(
  ...results: string[]
): Promise<{ last: string | undefined; exitCode: number; text: string }> {
  const files = results.map((text, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, text);
    return file;
  });
  const main = join(__dirname, "../../tools/testSummary.ts");
  const { stdout, exitCode } = await execa(process.execPath, ["--import", "tsx", main, ...files], {
    cwd: join(__dirname, "../.."),
    reject: false,
  });
  return { last: stdout.split("\n").at(-1), exitCode, text: stdout };
}

test.each([
  ["passes when all passed", { numPassedTests: 3 }, "3 passed, 0 failed", 0],
  [
    "names skipped tests",
    { numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 },
    "3 passed, 0 failed, 2 skipped",
    0,
  ],
  ["fails when one failed", { numPassedTests: 3, numFailedTests: 1 }, "3 passed, 1 failed", 1],
  [
    "counts a file that could not be loaded",
    { numPassedTests: 3, numRuntimeErrorTestSuites: 1 },
    "3 passed, 1 failed",
    1,
  ],
  ["fails when no test ran", {}, "0 passed, 1 failed", 1],
])("the last line %s", async (_title, numbers, last, exitCode) => {
  expect(await summarize(JSON.stringify({ ...none, ...numbers }))).toMatchObject({ last, exitCode });
});

test("a missing result is a failure", async () => {
  expect(await summarize("")).toMatchObject({ last: "0 passed, 1 failed", exitCode: 1 });
});

test("several runs are added up, and one without a test is a failure", async () => {
  const some = JSON.stringify({ ...none, numPassedTests: 3 });
  expect(await summarize(some, some)).toMatchObject({ last: "6 passed, 0 failed", exitCode: 0 });
  const last = "3 passed, 1 failed";
  expect(await summarize(some, JSON.stringify(none))).toMatchObject({ last, exitCode: 1 });
  expect(await summarize(some, "")).toMatchObject({ last, exitCode: 1 });
});

test("the slowest tests come first", async () => {
  const assertionResults = [
    { fullName: "quick", duration: 5 },
    { fullName: "not run", duration: null },
    { fullName: "slow", duration: 2500 },
  ];
  const { text } = await summarize(
    JSON.stringify({ ...none, numPassedTests: 2, testResults: [{ assertionResults }] }),
  );
  expect(text).toMatch(/2\.5 s {2}slow\n.*quick\n.*not run/);
});
