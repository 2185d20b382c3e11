import builders from "junit-report-builder";
import type { Format } from "./report.js";
import { classTitles, coverageLines, messageOf, resourceNames, subjectOf, tally } from "./words.js";

/**
 * A test suite of one case a finding, which failed where it counts as drift, is an error where it could not be read, and else was
 * skipped; and a case that passed where nothing was found. Without times, so that the same findings give the same bytes.
 */
export const junit: Format = (report) => {
  const { findings, failOn, project, stack } = report;
  const builder = builders.newBuilder();
  const suite = builder.testSuite().name(`pulumi-dt drift ${project}/${stack}`);
  for (const finding of findings) {
    const made = suite
      .testCase()
      .className(`pulumi-dt.${finding.class}`)
      .name(`${subjectOf(finding)} is as declared`);
    const details = [classTitles[finding.class], messageOf(finding), ...resourceNames(finding)].join("\n");
    if (finding.class === "unread") made.error(messageOf(finding), finding.class, details);
    else if (failOn.includes(finding.class)) made.failure(messageOf(finding), finding.class);
    else made.skipped().standardOutput(details);
  }
  if (findings.length === 0) suite.testCase().className("pulumi-dt").name("all access is as declared");
  suite.property("result", tally(report));
  coverageLines(report).forEach((line, index) => suite.property(`coverage.${index + 1}`, line));
  return `${builder.build().trimEnd()}\n`;
};
