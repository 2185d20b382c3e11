import { organizationAdmin } from "../../provider/api/text/roles.js";
import { printable } from "../../provider/api/text/foreignText.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import type { Finding } from "../findings/finding.js";
import { personOf, placeOf, shortRole } from "./sentence.js";

/** One paragraph for each identity that Pulumi runs as. */
export const selfParagraphs = (findings: readonly Finding[]): string[] =>
  byAccount(findings).map((own) =>
    [selfSentence(own), ...own.map(({ id }) => `  ${printable(id)}`)].join("\n"),
  );

/** One sentence for each identity that Pulumi runs as. */
export const selfSentences = (findings: readonly Finding[]): string[] =>
  byAccount(findings).map(selfSentence);

const selfSentence = (own: readonly Finding[]): string =>
  printable(`Pulumi itself runs as ${nameOf(own)}: ${own.map(partOf).join(", ")}; not declared`);

/** The findings of each account. */
function byAccount(findings: readonly Finding[]): Finding[][] {
  const accounts = [...new Set(findings.map(accountIn))];
  return accounts.map((account) =>
    findings
      .filter((finding) => accountIn(finding) === account)
      .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)),
  );
}

const kinds: readonly Finding["kind"][] = ["serviceAccount", "key", "membership"];

/** The id of the account that a finding is about. */
const accountIn = ({ id, kind }: Finding): string => idOf(kind === "key" ? parentOf(id) : id);

function nameOf(own: readonly Finding[]): string {
  const [first] = own.filter(({ email = "" }) => email !== "");
  if (first !== undefined) return personOf(first);
  const [account] = own.flatMap((finding) => finding.account ?? []);
  return account === undefined ? "a service account" : personOf({ ...account, id: account.name });
}

function partOf(finding: Finding): string {
  const { kind, id, role = "" } = finding;
  if (kind === "key") return `key ${idOf(id)}`;
  if (kind === "serviceAccount") return "account";
  return role === organizationAdmin
    ? `administrator of ${placeOf(finding)}`
    : `${shortRole(role) || "no role"} in ${placeOf(finding)}`;
}
