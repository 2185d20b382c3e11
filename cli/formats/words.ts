import { nameIn } from "../../provider/stack/urns.js";
import { endingLines, endingTitle } from "./ending.js";
import { accountOf, keyOf, personOf, projectOf } from "./sentence.js";
import { printable } from "../../provider/api/text/foreignText.js";
import { classes, type Finding, type FindingClass } from "../findings/finding.js";
import type { Report } from "./report.js";

/** Describes the subject of a finding: its name for people, then where it is in the API. */
export function subjectOf(finding: Finding): string {
  const { kind, id, parent, email, place } = finding;
  switch (kind) {
    case "membership":
      return email === undefined ? printable(id) : `${personOf(finding)} in ${titled(place, parent)}`;
    case "project":
      return `${projectOf(finding)} ${printable(id)}`;
    case "serviceAccount":
      return `${accountOf(finding)} ${printable(id)}`;
    case "key":
      return `${keyOf(finding)} ${printable(id)}`;
    case "list":
      return titled(place, id);
    case "resource":
      return printable(id);
  }
}

/** `Production (projects/P)` */
const titled = (place: Finding["place"], id: string): string =>
  printable(place === undefined || place.displayName === "" ? id : `${place.displayName} (${id})`);

export const messageOf = ({ message }: Finding): string => printable(message);

/** The names of the declaring resources in the program. */
export const resourceNames = ({ resources }: Finding): string[] =>
  resources.map((urn) => printable(nameIn(urn) || urn));

export const classTitles: Readonly<Record<FindingClass, string>> = {
  unmanaged: "Unmanaged: exists, but is not declared",
  replaced: "Replaced: another member now has the declared email",
  changed: "Changed: differs from the declaration",
  missing: "Missing: declared, but does not exist",
  unread: "Could not be read",
  "address-changed": "Address changed: the declared membership has another address",
  expired: "Expired: its end has passed, and the next pulumi up removes it",
  pending: "Pending: invited, but not accepted yet",
  "rotation-due": "Rotation due: the next pulumi up rotates or deletes the key",
  self: "The identity that Pulumi runs as: not declared",
};

/** `2 changed, 1 missing`, or `no drift`. The identity that Pulumi runs as is counted only if it is drift. */
export function tally({ counts, exitCode, failOn }: Report): string {
  const counted = classes.filter((name) => name !== "self" || failOn.includes(name));
  const parts = counted.filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${name}`);
  const verdict = { 0: "no drift", 2: "drift", 3: "incomplete" }[exitCode];
  return parts.length === 0 ? verdict : `${verdict}: ${parts.join(", ")}`;
}

/** The coverage, then the access that ends soon, with one sentence for each line. */
export const notesOf = (report: Report): string[] => [
  ...coverageLines(report),
  ...endingLines(report).map((line) => `${endingTitle(report)}: ${line}`),
];

/** Describes the coverage, with one sentence for each line. */
export function coverageLines({ coverage, accepted, stale }: Report): string[] {
  const { declared, seen, lists, byDefault, notCompared, notLookedAt } = coverage;
  const lines = [
    `Declared: ${declared.resources} resources (${declared.serviceAccounts} service accounts, ${declared.keys} keys, ${declared.memberships} memberships) in ${declared.projects} projects and ${declared.organizations} organizations.`,
    `Checked: ${seen.projects} of ${declared.projects} projects, ${seen.organizations} of ${declared.organizations} organizations; ${lists.read} of ${lists.read + lists.failed} lists, with ${seen.memberships} memberships, ${seen.serviceAccounts} service accounts and ${seen.keys} keys.`,
    byDefault === 0
      ? ""
      : `Not reported without --strict: ${byDefault} organization administrators that projects list as members.`,
    accepted.length === 0 ? "" : `Accepted by the baseline: ${accepted.length}.`,
    stale.length === 0 ? "" : `Entries that no longer match anything: ${stale.join(", ")}.`,
    ...notCompared.map((what) => `Not compared, since the state keeps it encrypted: ${what}.`),
    ...notLookedAt.map(({ what, why }) => `Not checked: ${what} (${why}).`),
  ];
  return lines.filter((line) => line !== "").map(printable);
}
