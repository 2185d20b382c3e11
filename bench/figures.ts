import { availableParallelism } from "node:os";
import type { Operation } from "./case";
import { atMost, type Figure } from "./figure";
import { leastSeconds } from "./least";
import { pluginFigures } from "./plugin";
import { beside, middle, type Outcome } from "./report";
import type { Startup } from "./startup";

/** The figures that the measured cases can give. */
export function figures(outcomes: readonly Outcome[], startup: Startup): Figure[] {
  return [
    ...requests(outcomes),
    ...removals(outcomes),
    ...times(outcomes),
    ...memory(outcomes),
    ...atStart(startup),
    ...pluginFigures(outcomes, startup),
  ];
}

const ours = (outcomes: readonly Outcome[], matches: (what: Outcome["case"]) => boolean): Outcome[] =>
  outcomes.filter(({ case: what }) => what.program === "ours" && matches(what));

const thousand = ({ count, projects, cloud }: Outcome["case"]): boolean =>
  count === 1000 && projects === 10 && cloud === "no limit";

function requests(outcomes: readonly Outcome[]): Figure[] {
  const parallel = 4 * availableParallelism();
  return ours(outcomes, thousand).flatMap((outcome) => {
    const at = outcome.case.parallel === undefined ? "" : ` at --parallel ${outcome.case.parallel}`;
    const most = outcome.case.parallel === undefined ? Math.ceil(1000 / parallel) + 20 : 60;
    return [
      atMost(
        `requests of a refresh of 1000 bindings in 10 projects${at}`,
        middle(outcome, "preview --refresh").requests,
        25,
      ),
      atMost(`requests of up of 1000 bindings${at}`, middle(outcome, "up").requests, most),
    ];
  });
}

/** A removal covers several projects, and so do the requests that verify it. */
function removals(outcomes: readonly Outcome[]): Figure[] {
  return ours(
    outcomes,
    ({ count, projects, cloud }) => count === 1000 && projects === 100 && cloud === "no limit",
  ).map((outcome) => {
    const { parallel } = outcome.case;
    const at = parallel === undefined ? "" : ` at --parallel ${parallel}`;
    const most = parallel === undefined ? Math.ceil(1000 / (4 * availableParallelism())) + 20 : 45;
    return atMost(
      `requests of destroy of 1000 bindings in 100 projects${at}`,
      middle(outcome, "destroy").requests,
      most,
    );
  });
}

const timed = ["up", "quiet up", "preview --refresh", "destroy"] as const satisfies Operation[];

function times(outcomes: readonly Outcome[]): Figure[] {
  const free = ours(outcomes, ({ cloud, parallel }) => cloud === "no limit" && parallel === undefined);
  const overFloor = free
    .filter(({ case: { count } }) => count >= 1000)
    .flatMap((outcome) => {
      const floor = beside(outcomes, outcome, "floor");
      const { count, projects } = outcome.case;
      return floor === undefined
        ? []
        : timed.map((operation) =>
            atMost(
              `${operation} of ${count} in ${projects}, against the floor`,
              middle(outcome, operation).seconds / middle(floor, operation).seconds,
              1.15,
            ),
          );
    });
  const limited = ours(outcomes, ({ cloud, count }) => cloud === "25 per 5 s" && count >= 1000).flatMap(
    (outcome) => {
      const floor = beside(outcomes, outcome, "floor");
      return (["up", "destroy"] as const).map((operation) => {
        const { seconds, requests: sent } = middle(outcome, operation);
        const allowed = leastSeconds(sent);
        // The engine's own work takes place anyway. If it takes longer than the rate limit, compare with it instead.
        const least = Math.max(allowed, floor === undefined ? 0 : middle(floor, operation).seconds);
        return atMost(
          `${operation} of ${outcome.case.count} in ${outcome.case.projects} at 25 per 5 s, against what the limit (${allowed} s for ${sent} requests) or the engine allows`,
          seconds / least,
          1.2,
        );
      });
    },
  );
  return [...overFloor, ...limited, ...growth(free, outcomes)];
}

/** How the cost grows from 1,000 to 5,000 resources in the same number of projects. */
function growth(free: readonly Outcome[], outcomes: readonly Outcome[]): Figure[] {
  const at = (count: number) => free.find(({ case: what }) => what.count === count && what.projects === 100);
  const [small, large] = [at(1000), at(5000)];
  const [smallFloor, largeFloor] = [small, large].map(
    (outcome) => outcome && beside(outcomes, outcome, "floor"),
  );
  if (!small || !large || !smallFloor || !largeFloor) return [];
  const factor = (from: Outcome, to: Outcome) => middle(to, "up").seconds / middle(from, "up").seconds;
  return [
    atMost(
      "growth of up from 1000 to 5000, against the floor's own",
      factor(small, large) / factor(smallFloor, largeFloor),
      1,
    ),
  ];
}

function memory(outcomes: readonly Outcome[]): Figure[] {
  return ours(
    outcomes,
    ({ count, cloud, parallel }) => count >= 1000 && cloud === "no limit" && parallel === undefined,
  ).flatMap((outcome) => {
    const floor = beside(outcomes, outcome, "floor");
    const peak = (of: Outcome) =>
      Math.max(...timed.map((operation) => middle(of, operation).providerMb ?? 0));
    if (floor === undefined || peak(outcome) === 0) return [];
    const { count, projects } = outcome.case;
    return [
      atMost(
        `memory of the provider over the floor's, at ${count} in ${projects}`,
        peak(outcome) - peak(floor),
        40,
        " MB",
      ),
    ];
  });
}

const atStart = ({ providerTextBytes, importPulumi, importAdds, loadProvider }: Startup): Figure[] => [
  atMost("text in the state, a resource", providerTextBytes, 99, " bytes"),
  atMost(
    "what importing pulumi-dt adds to importing @pulumi/pulumi",
    (100 * importAdds) / importPulumi,
    5,
    " %",
  ),
  atMost("loading the provider", loadProvider, 150, " ms"),
];
