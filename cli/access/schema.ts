import drift from "../formats/drift.schema.json";
import report from "./report.schema.json";

const { findings, accepted, coverage, summary } = drift.properties;

/** The JSON Schema of a record. Findings and coverage are those of `drift`. */
export const recordSchema = `${JSON.stringify(
  {
    ...report,
    $defs: {
      ...drift.$defs,
      ...report.$defs,
      ...{ finding: findings.items, accepted: accepted.items },
      ...{ coverage, counts: summary.properties.counts },
    },
  },
  undefined,
  2,
)}\n`;
