import { createHash } from "node:crypto";
import type { Log, Result } from "sarif";
import { printableJson } from "../../provider/api/text/foreignText.js";
import { classes, type Finding } from "../findings/finding.js";
import type { Format, Report } from "./report.js";
import { classTitles, notesOf, messageOf, resourceNames, subjectOf } from "./words.js";

/** Code scanning shows a result only if it has a file, so every result names the program's project file. */
const place = "Pulumi.yaml";

/**
 * SARIF 2.1.0, for GitHub's code scanning and other tools. A fingerprint depends only on the class and the API name.
 */
export const sarif: Format = (report) => {
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "pulumi-dt drift",
            rules: classes.map((id) => ({
              id,
              shortDescription: { text: classTitles[id] },
              defaultConfiguration: { level: levelOf(id, report) },
            })),
          },
        },
        automationDetails: { id: `pulumi-dt/${report.project}/${report.stack}/` },
        invocations: [
          {
            executionSuccessful: report.counts.unread === 0,
            toolExecutionNotifications: notesOf(report).map((text) => ({
              level: "note",
              message: { text },
            })),
          },
        ],
        results: report.findings.map((finding) => resultOf(finding, report)),
      },
    ],
  };
  return printableJson(`${JSON.stringify(log, undefined, 2)}\n`);
};

const levelOf = (kind: Finding["class"], { failOn }: Report): Result.level =>
  failOn.includes(kind) ? "error" : kind === "unread" ? "warning" : "note";

function resultOf(finding: Finding, report: Report): Result {
  const { id, class: kind } = finding;
  const declaredBy = resourceNames(finding).join(", ");
  return {
    ruleId: kind,
    ruleIndex: classes.indexOf(kind),
    level: levelOf(kind, report),
    message: {
      text: `${subjectOf(finding)}: ${messageOf(finding)}${declaredBy === "" ? "" : ` (declared by ${declaredBy})`}`,
    },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: place }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: id, kind: "resource" }],
      },
    ],
    partialFingerprints: {
      "pulumiDtThing/v1": createHash("sha256").update(`${kind}\n${id}`).digest("hex"),
    },
  };
}
