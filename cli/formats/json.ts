import { printableJson } from "../../provider/api/text/foreignText.js";
import type { Report } from "./report.js";
import schema from "./drift.schema.json";

/** JSON for programs. A schema describes it. The version increases when a field is removed or changes its meaning. */
export function json({ project, stack, findings, accepted, stale, coverage, ...rest }: Report): string {
  const { counts, failOn, exitCode, ending } = rest;
  const result = { 0: "clean", 2: "drift", 3: "incomplete" }[exitCode];
  const document = {
    schemaVersion: 1,
    project,
    stack,
    summary: { result, exitCode, failOn, counts, accepted: accepted.length },
    coverage,
    findings,
    ending: ending ?? { within: "0", access: [] },
    accepted,
    staleDecisions: stale,
  };
  return printableJson(`${JSON.stringify(document, undefined, 2)}\n`);
}

/** The JSON Schema of the output of `json`. */
export const jsonSchema = `${JSON.stringify(schema, undefined, 2)}\n`;
