import Table from "cli-table3";
import { operations, type Case, type Operation } from "./case";
import { atMost, type Figure } from "./figure";
import { beside, middle, type Outcome } from "./report";
import type { Startup } from "./startup";

/** The figures and the table that compare the provider plugin with the dynamic resources of the same run. */

const compared = ["up", "quiet up", "preview --refresh", "destroy"] as const satisfies Operation[];

interface Pair {
  readonly dynamic: Outcome;
  readonly plugin: Outcome;
}

const pairs = (outcomes: readonly Outcome[]): Pair[] =>
  outcomes.flatMap((dynamic) => {
    const plugin = dynamic.case.program === "ours" ? beside(outcomes, dynamic, "plugin") : undefined;
    return plugin === undefined ? [] : [{ dynamic, plugin }];
  });

const sizeOf = ({ count, projects }: Case): string => `${count} in ${projects}`;

const seconds = (of: Outcome, operation: Operation): number => middle(of, operation).seconds;

const stateBytes = (of: Outcome): number => middle(of, "up").stateBytes / of.case.count;

/** The plugin's targets. */
export function pluginFigures(outcomes: readonly Outcome[], startup: Startup): Figure[] {
  const large = pairs(outcomes).filter(({ dynamic }) => dynamic.case.count >= 1000);
  return [
    ...large.flatMap(({ dynamic, plugin }) => [
      ...compared.map((operation) =>
        atMost(
          `${operation} of ${sizeOf(dynamic.case)} through the plugin, against the dynamic resources`,
          seconds(plugin, operation) / seconds(dynamic, operation),
          1,
        ),
      ),
      atMost(
        `state of ${sizeOf(dynamic.case)} through the plugin, against the dynamic resources`,
        stateBytes(plugin) / stateBytes(dynamic),
        1,
      ),
    ]),
    atMost(
      "start of the plugin, against the dynamic resources' host",
      startup.pluginStart / startup.dynamicStart,
      0.5,
    ),
    atMost("the plugin's file", startup.pluginBytes / 1e6, 2, " MB"),
  ];
}

/** A row for each operation of each size that ran both ways; undefined if none did. */
export function pluginTable(outcomes: readonly Outcome[]): string | undefined {
  const lines = new Table({
    head: ["through the plugin", "operation", "requests", "dynamic", "s", "/ dynamic", "MB", "dynamic"],
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "left", ...Array<"right">(6).fill("right")],
  });
  for (const { dynamic, plugin } of pairs(outcomes)) {
    for (const operation of operations) {
      const [one, other] = [middle(plugin, operation), middle(dynamic, operation)];
      lines.push([
        sizeOf(plugin.case),
        operation,
        one.requests,
        other.requests,
        one.seconds.toFixed(1),
        (one.seconds / other.seconds).toFixed(2),
        one.providerMb?.toFixed(0) ?? "",
        other.providerMb?.toFixed(0) ?? "",
      ]);
    }
    const bytes = [plugin, dynamic].map(stateBytes);
    lines.push([
      {
        colSpan: 8,
        content: `state of ${sizeOf(plugin.case)}, a resource: ${bytes.map((each) => each.toFixed(0)).join(" bytes, dynamic ")} bytes`,
      },
    ]);
  }
  return lines.length === 0 ? undefined : lines.toString();
}
