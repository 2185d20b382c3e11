// Prints the slowest tests of jest's JSON results. The last line is "N passed, N failed". Exits with 1 if any
// failed.
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

process.exitCode = summarize(process.argv.slice(2));

/** @param files results of several runs of jest; a missing one counts as a failure */
function summarize(files: readonly string[]): number {
  const runs = files.map(read);
  printSlowest(runs.flatMap((run) => run?.testResults ?? []).flatMap((suite) => suite.assertionResults));
  const passed = sum(runs, (run) => run.numPassedTests);
  // A test file that could not be loaded counts as one failure.
  const failed =
    sum(runs, (run) => run.numFailedTests + run.numRuntimeErrorTestSuites) +
    runs.filter((run) => run === undefined || run.numPassedTests === 0).length;
  const skipped = sum(runs, (run) => run.numPendingTests + run.numTodoTests);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

type Run = v.InferOutput<typeof Results>;
function sum(runs: readonly (Run | undefined)[], count: (run: Run) => number): number {
  return runs.reduce((total, run) => total + (run === undefined ? 0 : count(run)), 0);
}

function read(file: string): Run | undefined {
  try {
    return v.parse(Results, JSON.parse(readFileSync(file, "utf8")));
  } catch {
    console.log(`no result of jest in ${file}`);
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
