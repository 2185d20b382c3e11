import { createHash } from "node:crypto";
import { Eta } from "eta";
import { printable } from "../../provider/api/text/foreignText.js";
import type { AccessRecord } from "../access/record.js";
import type { Report } from "../formats/report.js";
import { coverageLines, tally } from "../formats/words.js";
import { dataOf } from "./data.js";
import { columnsOf } from "./groups.js";
import { changeItems, findingItems } from "./items.js";
import { linesOf, peopleOf } from "./people.js";
import { script } from "./script/index.js";
import { style } from "./style.js";
import { template } from "./template.js";
import { tilesOf } from "./tiles.js";

/**
 * A self-contained page. It needs no network. Without scripts, it lists everything; with scripts, it draws what is in
 * view.
 *
 * @param groupBy the label to group the projects by
 * @throws Error if no project has this label
 */
export function page(record: AccessRecord, groupBy?: string): string {
  const columns = columnsOf(record.places, groupBy);
  const people = peopleOf(record, columns);
  const findings = findingItems(record);
  const changes = record.changes === null ? [] : changeItems(record, record.changes);
  const report = reportIn(record);
  return new Eta({ autoTrim: false }).renderString(template, {
    title: printable(`${record.project}/${record.stack}`),
    asOf: record.asOf,
    apiUrl: record.apiUrl,
    tone: { clean: "", drift: "bad", incomplete: "partial" }[record.summary.result],
    tally: tally(report),
    tiles: tilesOf(record),
    since: record.changes?.since.slice(0, 10) ?? "",
    ...{ findings, changes },
    columns,
    roles: [...new Set(people.flatMap(({ cells }) => cells.map(({ role }) => role)))]
      .filter((role) => role !== "")
      .sort(),
    people: people.map((person) => ({ ...person, lines: linesOf(person, columns) })),
    coverage: coverageLines(report),
    data: dataOf({ columns, people, findings, changes }),
    ...{ style, script, styleHash: hashOf(style), scriptHash: hashOf(script) },
  });
}

/** For the content security policy of the page. */
const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

/** The record in the form that `drift` words. */
const reportIn = ({ summary, staleDecisions, ...record }: AccessRecord): Report => ({
  ...record,
  counts: summary.counts,
  stale: staleDecisions,
  failOn: [],
  exitCode: ({ clean: 0, drift: 2, incomplete: 3 } as const)[summary.result],
});
