import { execa } from "execa";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Case, Result } from "../../bench/case";
import { cases } from "../../bench/cases";
import type { Figure } from "../../bench/figure";
import { figures } from "../../bench/figures";
import { leastRequests, leastSeconds } from "../../bench/least";
import { median } from "../../bench/median";
import { pluginTable } from "../../bench/plugin";
import { growthTable, middle, table, type Outcome } from "../../bench/report";

const measured = { seconds: 10, requests: 20, logins: 1, refused: 0, providerMb: 150, stateBytes: 1_000_000 };
const result = (changes: Partial<typeof measured> = {}): Result => {
  const one = { ...measured, ...changes };
  return { up: one, "quiet up": one, "preview --refresh": one, "role change": one, destroy: one };
};
const thousand: Case = { program: "ours", count: 1000, projects: 10, cloud: "no limit" };
const atStart = {
  ...{ providerTextBytes: 70, importPulumi: 1000, importAdds: 10, loadProvider: 80 },
  ...{ pluginStart: 300, dynamicStart: 1000, pluginBytes: 1_200_000 },
};

test("the median is the middle value, or the mean of the two middle values", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("the limit lets 25 requests pass at once, and 25 more every five seconds", () => {
  expect([1, 25, 26, 50, 51, 1000].map(leastSeconds)).toEqual([0, 0, 5, 5, 10, 195]);
});

test("the fewest requests depend on pages and on how many the engine sends in parallel", () => {
  const at64 = { ...thousand, parallel: 64 };
  expect(leastRequests(at64, "up")).toBe(16);
  expect(leastRequests(at64, "quiet up")).toBe(0);
  expect(leastRequests(at64, "preview --refresh")).toBe(10);
  expect(leastRequests({ ...at64, count: 5000, projects: 100 }, "preview --refresh")).toBe(50);
  expect(leastRequests(at64, "role change")).toBe(100);
});

test("a table shows the median of all runs, beside the floor of the same size", () => {
  const ours: Outcome = {
    case: thousand,
    runs: [result({ seconds: 12 }), result({ seconds: 99 }), result({ seconds: 11 })],
  };
  const floor: Outcome = { case: { ...thousand, program: "floor" }, runs: [result({ providerMb: 140 })] };
  expect(middle(ours, "up").seconds).toBe(12);
  const [, , , line = ""] = table([floor, ours]).split("\n");
  expect(line.split("│").map((cell) => cell.trim())).toEqual(
    expect.arrayContaining(["1000 in 10", "no limit", "up", "20", "12.0", "1.20", "150", "10"]),
  );
});

test("a figure that missed its target says so", () => {
  const floor: Outcome = {
    case: { ...thousand, program: "floor" },
    runs: [result({ seconds: 5, providerMb: 90 })],
  };
  const said = figures([floor, { case: thousand, runs: [result()] }], atStart);
  const of = (what: string): Figure | undefined => said.find((figure) => figure.what.startsWith(what));
  expect(of("requests of a refresh")).toMatchObject({ reached: "20", isReached: true });
  expect(of("up of 1000 in 10, against the floor")).toMatchObject({ reached: "2", isReached: false });
  expect(of("memory")).toMatchObject({ reached: "60 MB", wanted: "<= 40 MB", isReached: false });
});

test("a destroy that sends more requests than it needs says so", () => {
  const inHundred: Case = { ...thousand, projects: 100, parallel: 64 };
  const [figure] = figures([{ case: inHundred, runs: [result({ requests: 46 })] }], atStart);
  expect(figure).toMatchObject({ reached: "46", wanted: "<= 45", isReached: false });
});

test("the plugin is compared with the dynamic resources of the same run", () => {
  const ours: Outcome = { case: thousand, runs: [result()] };
  const plugin: Outcome = {
    case: { ...thousand, program: "plugin" },
    runs: [result({ seconds: 12, requests: 30, stateBytes: 700_000 })],
  };
  expect(pluginTable([ours])).toBeUndefined();
  expect(pluginTable([ours, plugin])).toMatch(/1000 in 10 +│ up +│ +30 │ +20 │ 12.0 │ +1.20 │/);
  expect(pluginTable([ours, plugin])).toContain("700 bytes, dynamic 1000 bytes");
  const said = figures([ours, plugin], atStart);
  const of = (what: string): Figure | undefined => said.find((figure) => figure.what.startsWith(what));
  expect(of("quiet up of 1000 in 10 through the plugin")).toMatchObject({ reached: "1.2", isReached: false });
  expect(of("state of 1000")).toMatchObject({ reached: "0.7", isReached: true });
  expect(of("start of the plugin")).toMatchObject({ reached: "0.3", isReached: true });
  expect(of("the plugin's file")).toMatchObject({ reached: "1.2 MB", wanted: "<= 2 MB" });
});

test("the growth to ten thousand is reported for requests, time and memory", () => {
  const small: Outcome = { case: { ...thousand, projects: 100 }, runs: [result()] };
  const large: Outcome = {
    case: { ...thousand, count: 10_000, projects: 1000 },
    runs: [result({ requests: 180, seconds: 110, providerMb: 300 })],
  };
  expect(growthTable([small])).toBeUndefined();
  const cells = growthTable([small, large])!.split("\n").at(-2)!.split("│");
  expect(cells.map((cell) => cell.trim())).toEqual(["", "destroy", "x 9.0", "x 11.0", "", "x 2.0", ""]);
});

test("each size is measured beside the engine's floor", () => {
  const all = cases({ isQuick: false, most: 5000 });
  for (const { count, projects, parallel } of all.filter(({ program }) => program === "ours")) {
    expect(all).toContainEqual(expect.objectContaining({ program: "floor", count, projects, parallel }));
  }
  expect(all.some(({ count }) => count > 5000)).toBe(false);
  const largest = cases({ isQuick: false, most: 10_000 }).filter(({ count }) => count === 10_000);
  expect(largest.map(({ program, projects }) => [program, projects])).toEqual([
    ["floor", 1000],
    ["ours", 1000],
  ]);
  expect(cases({ isQuick: false, most: 100 }).every(({ count }) => count === 100)).toBe(true);
});

test("the quick benchmark runs on the real engine, and no run sends more requests than the limit for a correct one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-bench-test-"));
  try {
    const file = join(folder, "results.json");
    const { stdout } = await execa(
      process.execPath,
      ["--import", "tsx", "bench/main.ts", "--quick", "--json", file],
      {
        cwd: resolve(__dirname, "../.."),
      },
    );
    expect(stdout).toContain("preview --refresh");
    const { outcomes } = JSON.parse(readFileSync(file, "utf8")) as { outcomes: Outcome[] };
    for (const door of ["ours", "plugin"]) {
      const measured = outcomes.find(({ case: { program } }) => program === door)?.runs[0];
      expect(measured?.["quiet up"].requests).toBe(0);
      expect(measured?.up.requests).toBeLessThan(50);
      expect(measured?.["preview --refresh"].requests).toBeLessThan(50);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
