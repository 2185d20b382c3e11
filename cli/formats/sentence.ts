import { organizationAdmin } from "../../provider/api/text/roles.js";
import { printable } from "../../provider/api/text/foreignText.js";
import type { Finding } from "../findings/finding.js";

/** Says a finding in one sentence, by the names that people know. */
export function sentenceOf(finding: Finding): string {
  const { class: kind } = finding;
  if (kind === "unmanaged" || kind === "self") return printable(undeclared(finding));
  if (kind === "changed" && isRoleOnly(finding)) return printable(changedRole(finding));
  // Some messages begin with a verb, whose subject is the thing.
  const joint = /^(is|has|no longer) /.test(finding.message) ? " " : ": ";
  return printable(`${capital(thingOf(finding))}${joint}${finding.message}`);
}

/** `Anna Berg <anna@example.com>`, or as much as is known. */
export function personOf({
  displayName = "",
  email = "",
  id,
}: Pick<Finding, "displayName" | "email" | "id">): string {
  const name = email === "" || displayName === email ? "" : displayName.trim();
  return printable(name === "" ? email || id : `${name} <${email}>`);
}

/** `service account "ERP"` */
export const accountOf = ({ displayName }: Pick<Finding, "displayName">): string =>
  printable(
    displayName === undefined || displayName === "" ? "service account" : `service account "${displayName}"`,
  );

/** `project "Client B"` */
export const projectOf = ({ displayName }: Pick<Finding, "displayName">): string =>
  printable(displayName === undefined || displayName === "" ? "project" : `project "${displayName}"`);

/** `key of service account "ERP"` */
export const keyOf = ({ account }: Finding): string =>
  account === undefined || account.displayName === "" ? "key" : `key of ${accountOf(account)}`;

/** The project or the organization, by its display name if that is known. */
export const placeOf = ({ place, parent }: Pick<Finding, "place" | "parent">): string =>
  place === undefined ? parent : place.displayName.trim() || place.name;

function undeclared(finding: Finding): string {
  const { kind, email = "", message } = finding;
  const where = placeOf(finding);
  const address = email === "" ? "" : ` <${email}>`;
  switch (kind) {
    case "membership":
      return `${personOf(finding)} ${isOf(finding)} ${where}, and nothing declares it`;
    case "serviceAccount":
      return `The ${accountOf(finding)}${address} exists in ${where}, and nothing declares it`;
    case "key":
      return `The ${accountOf(finding.account ?? {})} in ${where} has a key that nothing declares`;
    case "project":
    case "list":
    case "resource":
      return message;
  }
}

/** `is admin in`, `is an administrator of`, `is invited as user in` */
function isOf({ role = "", message }: Finding): string {
  const invited = /, (PENDING|EXPIRED)(;|$)/.test(message) ? "is invited as" : "is";
  if (role === organizationAdmin) return `${invited} an administrator of`;
  return role === "" ? "is a member without a role in" : `${invited} ${shortRole(role)} in`;
}

/** A project's role without `roles/project.`. Any other role keeps its name. */
export const shortRole = (role: string): string =>
  role
    .split(",")
    .map((each) => each.replace(/^roles\/project\./, ""))
    .join(" and ");

const isRoleOnly = ({ changes, kind }: Finding): boolean =>
  kind === "membership" && changes.length === 1 && changes[0]?.property === "role";

function changedRole(finding: Finding): string {
  const declared = shortRole(String(finding.changes[0]?.declared));
  const [, ...more] = finding.message.split("; ");
  const sentence = `${personOf(finding)} ${isOf(finding)} ${placeOf(finding)}, and ${declared} is declared`;
  return [sentence, ...more].join("; ");
}

function thingOf(finding: Finding): string {
  const { kind, id, place } = finding;
  const where = place === undefined ? "" : ` in ${placeOf(finding)}`;
  switch (kind) {
    case "membership":
      return `${personOf(finding)}${where}`;
    case "serviceAccount":
      return `${accountOf(finding)}${where}`;
    case "key":
      return `${keyOf(finding)}${where}`;
    case "project":
      return projectOf(finding);
    case "list":
      return placeOf(finding) === "" ? id : placeOf(finding);
    case "resource":
      return id;
  }
}

const capital = (text: string): string =>
  /^(project|service account|key)\b/.test(text) ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}` : text;
