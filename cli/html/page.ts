import { createHash } from "node:crypto";
import { Eta } from "eta";
import type { Report } from "../formats/report.js";
import { coverageLines, messageOf, resourceNames, subjectOf, tally } from "../formats/words.js";
import type { Access, Identity, KeyAge, Matrix, Scope } from "./matrix.js";
import { script } from "./script.js";
import { style } from "./style.js";
import { template } from "./template.js";

interface Facts {
  readonly report: Report;
  readonly matrix: Matrix;
  /** The date for calculating ages. */
  readonly asOf: Date;
  readonly apiUrl: string;
}

/** A self-contained page. It needs no network, and it also works without scripts. */
export function page({ report, matrix, asOf, apiUrl }: Facts): string {
  const { scopes, identities } = matrix;
  const roles = new Set(identities.flatMap(({ access }) => [...access.values()].map(({ role }) => role)));
  return new Eta().renderString(template, {
    title: `${report.project}/${report.stack}`,
    asOf: asOf.toISOString(),
    apiUrl,
    tone: { 0: "", 2: "bad", 3: "partial" }[report.exitCode],
    tally: tally(report),
    findings: report.findings.map((finding) => ({
      class: finding.class,
      what: subjectOf(finding),
      how: messageOf(finding),
      by: resourceNames(finding).join(", "),
    })),
    scopes,
    roles: [...roles].sort(),
    rows: identities.map((identity) => rowOf(identity, scopes)),
    coverage: coverageLines(report),
    style,
    script,
    scriptHash: `sha256-${createHash("sha256").update(script).digest("base64")}`,
  });
}

function rowOf(identity: Identity, scopes: readonly Scope[]) {
  const { email, displayName, isAccount, access, keys, standing } = identity;
  const kind = isAccount ? "service account" : "person";
  const remark = isAccount ? (standing === "declared" ? kind : `${standing} ${kind}`) : "";
  const titles = new Map(scopes.map(({ name, title }) => [name, title]));
  return {
    kind: isAccount ? "account" : "person",
    name: displayName === "" ? email : displayName,
    email,
    remark,
    text: `${displayName} ${email}`.normalize("NFC").toLowerCase(),
    // The account itself or one of its keys is undeclared.
    isLoose: [standing, ...keys.map((key) => key.standing)].includes("undeclared"),
    keys: keys.map((key) => ({ standing: key.standing, text: keyText(key) })),
    cells: scopes.map(({ name }) => cell(access.get(name))).join(""),
    lines: [
      ...[...access.values()].map(({ scope, ...rest }) => `${titles.get(scope) ?? scope}: ${remarked(rest)}`),
      ...keys.map(keyText),
    ],
  };
}

const keyText = ({ id, days, standing }: KeyAge): string =>
  `key ${id}: ${days === null ? "age unknown" : `${days} ${days === 1 ? "day" : "days"}`}${standing === "declared" ? "" : `, ${standing}`}`;

const remarked = ({ role, standing, note }: Omit<Access, "scope">): string =>
  [role, standing === "declared" ? "" : standing, note].filter((text) => text !== "").join(", ");

/** A large matrix has mostly empty cells, so this doesn't use the template. */
function cell(access: Access | undefined): string {
  if (access === undefined) return "<td></td>";
  const { role, standing, note } = access;
  const remarks = [standing === "declared" ? "" : standing, note].filter((text) => text !== "").map(escape);
  return `<td class="${standing}" data-role="${escape(role)}"><b>${escape(role.replace(/^(project|organization)\./, ""))}</b>${remarks.map((text) => `<em>${text}</em>`).join("")}</td>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
