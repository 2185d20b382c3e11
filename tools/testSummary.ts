// Prints the slowest tests of a jest JSON result and, as the last line, "N passed, N failed"; fails if any failed.
import { readFileSync } from "node:fs";
import * as v from "valibot";

const SLOWEST = 10;

const Test = v.object({ fullName: v.string(), duration: v.nullish(v.number()) });
const Results = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  numPendingTests: v.number(),
  numTodoTests: v.number(),
  numRuntimeErrorTestSuites: v.number(),
  testResults: v.array(v.object({ assertionResults: v.array(Test) })),
});

process.exitCode = summarize(process.argv[2] ?? "");

function summarize(file: string): number {
  const results = read(file);
  if (results === undefined) {
    console.log("jest left no result\n0 passed, 1 failed");
    return 1;
  }
  printSlowest(results.testResults.flatMap((suite) => suite.assertionResults));
  const passed = results.numPassedTests;
  // A test file that could not even be loaded counts as one failure.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function read(file: string): v.InferOutput<typeof Results> | undefined {
  try {
    return v.parse(Results, JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

function printSlowest(tests: v.InferOutput<typeof Test>[]): void {
  const slowest = tests.sort((a, b) => (b.duration ?? 0) - (a.duration ?? 0)).slice(0, SLOWEST);
  console.log("Slowest tests:");
  for (const { duration, fullName } of slowest) {
    console.log(`  ${((duration ?? 0) / 1000).toFixed(1).padStart(6)} s  ${fullName}`);
  }
}
