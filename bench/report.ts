import Table from "cli-table3";
import { operations, type Case, type Measured, type Operation, type Result } from "./case";
import { leastRequests, leastSeconds } from "./least";
import { median } from "./median";
import type { Startup } from "./startup";

/** A case and all its runs. */
export interface Outcome {
  readonly case: Case;
  readonly runs: readonly Result[];
}

/** The medians of an operation's runs. */
export function middle({ runs }: Outcome, operation: Operation): Measured {
  const of = (pick: (measured: Measured) => number) => median(runs.map((run) => pick(run[operation])));
  const memory = runs.flatMap((run) => run[operation].providerMb ?? []);
  return {
    seconds: of(({ seconds }) => seconds),
    requests: of(({ requests }) => requests),
    logins: of(({ logins }) => logins),
    refused: of(({ refused }) => refused),
    providerMb: memory.length === 0 ? undefined : median(memory),
    stateBytes: of(({ stateBytes }) => stateBytes),
  };
}

/** The outcomes of the same case with another program. */
export const beside = (outcomes: readonly Outcome[], { case: what }: Outcome, program: Case["program"]) =>
  outcomes.find(
    ({ case: other }) =>
      other.program === program &&
      other.count === what.count &&
      other.projects === what.projects &&
      other.parallel === what.parallel &&
      // The floor sends no requests, so it is the same in every cloud.
      (other.cloud === what.cloud || program === "floor"),
  );

/** A table with a row for each of our operations, beside the floor and the usual way. */
export function table(outcomes: readonly Outcome[]): string {
  const lines = new Table({
    head: [
      "bindings",
      "cloud",
      "operation",
      "requests",
      "least",
      "usual",
      "s",
      "/ floor",
      "/ usual",
      "/ limit",
      "MB",
      "over floor",
    ],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "left", "left", ...Array<"right">(9).fill("right")],
  });
  for (const outcome of outcomes.filter(({ case: { program } }) => program === "ours")) {
    for (const operation of operations) lines.push(row(outcomes, outcome, operation));
  }
  return lines.toString();
}

function row(outcomes: readonly Outcome[], outcome: Outcome, operation: Operation): string[] {
  const { case: what } = outcome;
  const ours = middle(outcome, operation);
  const other = (program: Case["program"]) => {
    const found = beside(outcomes, outcome, program);
    return found && middle(found, operation);
  };
  const [floor, usual] = [other("floor"), other("usual")];
  const limit = what.cloud === "25 per 5 s" ? leastSeconds(ours.requests) : 0;
  return [
    `${what.count} in ${what.projects}${what.parallel === undefined ? "" : `, --parallel ${what.parallel}`}`,
    what.cloud,
    operation,
    String(ours.requests),
    String(leastRequests(what, operation)),
    usual ? String(usual.requests) : `${usualRequests(what, operation)} *`,
    ours.seconds.toFixed(1),
    ratio(ours.seconds, floor?.seconds),
    ratio(ours.seconds, usual?.seconds),
    limit === 0 ? "" : ratio(ours.seconds, limit + (floor?.seconds ?? 0)),
    ours.providerMb?.toFixed(0) ?? "",
    floor?.providerMb === undefined || ours.providerMb === undefined
      ? ""
      : (ours.providerMb - floor.providerMb).toFixed(0),
  ];
}

const ratio = (ours: number, other: number | undefined): string =>
  other === undefined || other === 0 ? "" : (ours / other).toFixed(2);

/** The requests that the usual way needs: one for each call. Used if it was not run, because that takes too long. */
const usualRequests = ({ count }: Case, operation: Operation): number =>
  operation === "quiet up" ? 0 : operation === "role change" ? Math.round(count / 10) : count;

export const notes = [
  "s: wall time of the whole command. Each case in processes of its own, its value the median of its runs; ratios are of the same run.",
  "floor: as many resources whose provider does nothing. usual: pulumi.dynamic.Resource, serialized by value, one request a call (* computed).",
  "least: the fewest requests possible. / limit: beside the floor's time plus the least time that 25 per 5 s leaves for our requests.",
  "MB: peak resident memory of the provider's process. PULUMI_SKIP_CHECKPOINTS=true throughout: else the engine rewrites its whole state at",
  "each step, which takes most of the time and hides everything else.",
];

/**
 * The growth of requests, time and memory from 1,000 bindings in 100 projects to 10,000 in 1,000; undefined
 * if not measured.
 */
export function growthTable(outcomes: readonly Outcome[]): string | undefined {
  const of = (program: Case["program"], count: number, projects: number) =>
    outcomes.find(
      ({ case: what }) =>
        what.program === program &&
        what.count === count &&
        what.projects === projects &&
        what.cloud === "no limit" &&
        what.parallel === undefined,
    );
  const [small, large] = [of("ours", 1000, 100), of("ours", 10_000, 1000)];
  if (small === undefined || large === undefined) return undefined;
  const [smallFloor, largeFloor] = [of("floor", 1000, 100), of("floor", 10_000, 1000)];
  const lines = new Table({
    head: ["from 1000 to 10000", "requests", "time", "the floor's time", "memory"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", ...Array<"right">(4).fill("right")],
  });
  const times = (from: number | undefined, to: number | undefined): string =>
    from === undefined || to === undefined || from === 0 ? "" : `x ${(to / from).toFixed(1)}`;
  for (const operation of operations) {
    const [from, to] = [middle(small, operation), middle(large, operation)];
    lines.push([
      operation,
      times(from.requests, to.requests),
      times(from.seconds, to.seconds),
      times(
        smallFloor && middle(smallFloor, operation).seconds,
        largeFloor && middle(largeFloor, operation).seconds,
      ),
      times(from.providerMb, to.providerMb),
    ]);
  }
  return lines.toString();
}

export function startupTable(startup: Startup): string {
  const { providerTextBytes, importPulumi, importAdds, loadProvider } = startup;
  const { pluginStart, dynamicStart, pluginBytes } = startup;
  const lines = new Table({ style: { head: [], border: [], compact: true }, colAligns: ["left", "right"] });
  lines.push(
    ["text in the state, a resource", `${providerTextBytes} bytes`],
    ["importing @pulumi/pulumi", `${importPulumi.toFixed(0)} ms`],
    [
      "importing pulumi-dt adds",
      `${importAdds.toFixed(1)} ms (${((100 * importAdds) / importPulumi).toFixed(1)} %)`,
    ],
    ["loading the provider", `${loadProvider.toFixed(0)} ms`],
    ["start of the plugin", `${pluginStart.toFixed(0)} ms`],
    ["start of the dynamic resources' host", `${dynamicStart.toFixed(0)} ms`],
    ["the plugin's file", `${(pluginBytes / 1e6).toFixed(2)} MB`],
  );
  return lines.toString();
}
