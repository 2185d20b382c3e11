import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Table from "cli-table3";

/** The result of one case. A missing count is 0. */
export interface Outcome {
  /** The row of the table that counts it. */
  group: string;
  passed: boolean;
  /** Keys, accounts and memberships that are in no state and were reported by name. */
  orphansReported?: number;
  /** The same, but not reported. */
  orphansLeft?: number;
  secretsLeaked?: number;
  lockOutsLetThrough?: number;
}

const VARIABLE = "FAULTS_TALLY";

/** Counts a case for the table that `npm run test:faults` prints at the end. Otherwise it does nothing. */
export function tally(outcome: Outcome): void {
  const file = process.env[VARIABLE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(outcome)}\n`);
}

/** Starts counting, for all processes that this one starts. */
export function beginTally(): void {
  process.env[VARIABLE] = join(mkdtempSync(join(tmpdir(), "pulumi-dt-tally-")), "cases.jsonl");
}

/** The table of counts. */
export function endTally(): string {
  const file = process.env[VARIABLE] ?? "";
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const outcomes = lines.map((line) => JSON.parse(line) as Outcome);
  rmSync(dirname(file), { recursive: true, force: true });

  const head = [
    "",
    "cases",
    "passed",
    "orphans reported",
    "orphans left",
    "secrets leaked",
    "lock-outs let through",
  ];
  const table = new Table({
    head,
    colAligns: ["left", ...head.slice(1).map(() => "right" as const)],
    style: { head: [], border: [] },
  });
  const row = (name: string, of: readonly Outcome[]): (string | number)[] => [
    name,
    of.length,
    of.filter(({ passed }) => passed).length,
    sum(of, "orphansReported"),
    sum(of, "orphansLeft"),
    sum(of, "secretsLeaked"),
    sum(of, "lockOutsLetThrough"),
  ];
  for (const group of [...new Set(outcomes.map((outcome) => outcome.group))].sort())
    table.push(
      row(
        group,
        outcomes.filter((outcome) => outcome.group === group),
      ),
    );
  table.push(row("all", outcomes));
  return table.toString();
}

type Count = "orphansReported" | "orphansLeft" | "secretsLeaked" | "lockOutsLetThrough";
const sum = (outcomes: readonly Outcome[], count: Count): number =>
  outcomes.reduce((total, outcome) => total + (outcome[count] ?? 0), 0);
