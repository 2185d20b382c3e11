import type { Finding } from "../findings/finding.js";
import type { Format, Report } from "./report.js";
import { classTitles, notesOf, messageOf, resourceNames, subjectOf, tally } from "./words.js";
import { xmlDocument, type Element } from "./xml.js";

/**
 * A JUnit test suite with one case for each finding. The case fails if the finding counts as drift, is an error if
 * something could not be read, and is skipped otherwise. Without findings, there is one case that passes. There are no
 * times, so the same findings always produce the same file.
 */
export const junit: Format = (report) => {
  const { findings, project, stack } = report;
  const outcomes = findings.map((finding) => outcomeOf(finding, report));
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  const counts = {
    tests: Math.max(findings.length, 1),
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
  };
  const nothingFound = testCase("pulumi-dt", "all access is as declared");
  const suite: Element = {
    tag: "testsuite",
    attributes: { name: `pulumi-dt drift ${project}/${stack}`, ...counts },
    content: [
      { tag: "properties", content: propertiesOf(report) },
      ...(findings.length === 0 ? [nothingFound] : findings.map((finding) => caseOf(finding, report))),
    ],
  };
  return xmlDocument({ tag: "testsuites", attributes: counts, content: [suite] });
};

type Outcome = "failure" | "error" | "skipped";

function outcomeOf(finding: Finding, { failOn }: Report): Outcome {
  if (finding.class === "unread") return "error";
  return failOn.includes(finding.class) ? "failure" : "skipped";
}

function caseOf(finding: Finding, report: Report): Element {
  const message = messageOf(finding);
  const attributes = { message, type: finding.class };
  const details = [classTitles[finding.class], message, ...resourceNames(finding)].join("\n");
  const outcome = outcomeOf(finding, report);
  const content: Element[] =
    outcome === "skipped"
      ? [{ tag: "skipped" }, { tag: "system-out", content: details }]
      : [{ tag: outcome, attributes, content: details }];
  return testCase(`pulumi-dt.${finding.class}`, `${subjectOf(finding)} is as declared`, content);
}

const testCase = (classname: string, name: string, content: readonly Element[] = []): Element => ({
  tag: "testcase",
  attributes: { classname, name },
  content,
});

function propertiesOf(report: Report): Element[] {
  const coverage = notesOf(report).map((line, index) => [`coverage.${index + 1}`, line]);
  return [["result", tally(report)], ...coverage].map(([name = "", value = ""]) => ({
    tag: "property",
    attributes: { name, value },
  }));
}
