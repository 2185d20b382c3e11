import { organizationAdmin } from "../../provider/api/text/roles.js";
import { printable } from "../../provider/api/text/foreignText.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import type { Finding } from "../findings/finding.js";
import { personOf, placeOf, shortRole } from "./sentence.js";

/** One paragraph for each identity that Pulumi runs as. */
export function selfParagraphs(findings: readonly Finding[]): string[] {
  const accounts = [...new Set(findings.map(accountIn))];
  return accounts.map((account) => {
    const own = findings
      .filter((finding) => accountIn(finding) === account)
      .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
    const sentence = `Pulumi itself runs as ${nameOf(own)}: ${own.map(partOf).join(", ")}; not declared`;
    return [printable(sentence), ...own.map(({ id }) => `  ${printable(id)}`)].join("\n");
  });
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
