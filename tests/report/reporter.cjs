// Prints, at the end of the run, the slowest tests, what tests measured, and what did not run on this machine.
const { existsSync, mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const SLOWEST = 10;

module.exports = class {
  #folder = mkdtempSync(join(tmpdir(), "pulumi-dt-report-"));

  constructor() {
    // The workers start later and inherit it.
    process.env.PULUMI_DT_NOT_RUN = join(this.#folder, "not-run");
  }

  onRunComplete(_contexts, { testResults }) {
    const tests = testResults.flatMap((file) => file.testResults);
    if (tests.length > SLOWEST) {
      const slowest = tests.sort((a, b) => (b.duration ?? 0) - (a.duration ?? 0)).slice(0, SLOWEST);
      say("Slowest tests:");
      for (const { duration, fullName } of slowest)
        say(`  ${((duration ?? 0) / 1000).toFixed(1).padStart(6)} s  ${fullName}`);
    }
    for (const line of notRun()) say(line);
    rmSync(this.#folder, { recursive: true, force: true });
  }
};

const say = (line) => process.stderr.write(`${line}\n`);

function notRun() {
  const file = process.env.PULUMI_DT_NOT_RUN ?? "";
  return existsSync(file) ? [...new Set(readFileSync(file, "utf8").split("\n").filter(Boolean))] : [];
}
