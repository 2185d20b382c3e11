import { execa } from "execa";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { ensurePulumiCli } from "../tools/pulumi-cli/ensure";
import type { Case, Result } from "./case";
import { cases } from "./cases";
import { figures } from "./figures";
import { pluginTable } from "./plugin";
import { growthTable, notes, startupTable, table, type Outcome } from "./report";
import { prepare, remove } from "./scratch";
import { startup } from "./startup";

const usage = `npm run bench -- [options]
  --quick        the smallest case, once; fails only where something is far off
  --most N       no case of more than N resources (default 5000; 10000 adds 10,000 bindings in 1,000 projects)
  --runs N       runs of each case (default 3)
  --json FILE    where to write everything that was measured (default bench/results/latest.json)`;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    most: { type: "string", default: "5000" },
    runs: { type: "string", default: "3" },
    json: { type: "string", default: "bench/results/latest.json" },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage);
    return;
  }
  const cli = await ensurePulumiCli();
  const folder = await prepare();
  try {
    const runs = options.quick ? 1 : Number(options.runs);
    const atStart = await startup(folder, options.quick ? 3 : 9);
    const outcomes = await runAll(
      cases({ isQuick: options.quick, most: Number(options.most) }),
      runs,
      folder,
      cli,
    );
    const reached = figures(outcomes, atStart);
    console.log(`\n${table(outcomes)}\n${notes.join("\n")}\n\n${startupTable(atStart)}\n`);
    const throughPlugin = pluginTable(outcomes);
    if (throughPlugin !== undefined) console.log(`${throughPlugin}\n`);
    const grown = growthTable(outcomes);
    if (grown !== undefined) console.log(`${grown}\n`);
    for (const { what, reached: value, wanted, isReached } of reached)
      console.log(`${isReached ? "reached    " : "NOT reached"}  ${what}: ${value} (${wanted})`);
    console.log(
      `\n${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? "?"} at the end: on a machine that does other work times are rough.`,
    );
    mkdirSync(dirname(options.json), { recursive: true });
    writeFileSync(
      options.json,
      JSON.stringify({ startup: atStart, outcomes, figures: reached }, undefined, 2),
    );
    if (options.quick) assertSane(outcomes);
  } finally {
    remove(folder);
  }
}

/**
 * Runs the cases in rounds, so that other work on the machine affects all cases alike. Each case has its own
 * process.
 */
async function runAll(all: readonly Case[], runs: number, folder: string, cli: string): Promise<Outcome[]> {
  const results = all.map((): Result[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, what] of all.entries()) {
      console.error(
        `run ${run + 1} of ${runs}, case ${index + 1} of ${all.length}: ${what.program}, ${what.count} in ${what.projects}, ${what.cloud}`,
      );
      const script = join(__dirname, "runCase.ts");
      const args = ["--import", "tsx", script, JSON.stringify(what), folder, cli];
      const { stdout } = await execa(process.execPath, args, { stderr: "inherit" });
      results[index]?.push(JSON.parse(stdout) as Result);
    }
  }
  return all.map((what, index) => ({ case: what, runs: results[index] ?? [] }));
}

const isOurs = (program: Case["program"]): boolean => program === "ours" || program === "plugin";

/** A generous limit: no correct run sends this many requests. */
function assertSane(outcomes: readonly Outcome[]): void {
  for (const { case: what, runs } of outcomes.filter(({ case: { program } }) => isOurs(program))) {
    for (const run of runs) {
      const { up, "quiet up": quiet, "preview --refresh": refresh } = run;
      if (up.requests > what.count / 2 || quiet.requests > 5 || refresh.requests > what.count / 2)
        throw new Error(
          `far too many requests: up ${up.requests}, quiet up ${quiet.requests}, refresh ${refresh.requests}`,
        );
    }
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
