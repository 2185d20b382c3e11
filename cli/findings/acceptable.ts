import { canonicalEmail } from "../../provider/api/text/email.js";
import { parentOf } from "../../provider/api/reads/find.js";
import { collectionsOf } from "../../provider/api/text/resourceNames.js";
import type { StackComparison } from "./compareWithCloud.js";
import type { Finding } from "./finding.js";

/** The kinds of things that can be accepted, by the collections in their API names. */
const kinds = [
  "projects/serviceaccounts",
  "projects/serviceaccounts/keys",
  "projects/members",
  "organizations/members",
];

/** Checks the form of the words. @throws Error for a word that is neither an API name nor an email */
export function checkWords(words: readonly string[]): void {
  for (const word of words) {
    if (word.includes("@") && !word.includes("/")) continue;
    if (kinds.includes(collectionsOf(word) ?? "")) continue;
    throw new Error(
      `${JSON.stringify(word)} is not the name of a key, a service account or a membership, such as projects/P/members/M, and not an email`,
    );
  }
}

/**
 * Finds what each word means among the findings that can be accepted. An account comes with its current keys.
 *
 * @param words API names, or emails that only one finding has
 * @throws Error if a word means nothing that is undeclared now, or several things
 */
export function acceptedBy(words: readonly string[], comparison: StackComparison, who: string): Finding[] {
  const { findings } = comparison;
  const undeclared = findings.filter(({ class: kind }) => kind === "unmanaged" || kind === "self");
  const named = words.flatMap((word) => {
    const found = word.includes("/")
      ? undeclared.filter(({ id }) => id === word)
      : undeclared.filter(({ email = "" }) => email === canonicalEmail(word));
    const [first, ...others] = found;
    if (first === undefined) throw new Error(whyNot(word, comparison, who));
    if (others.length > 0) {
      const names = found.map(({ id }) => id).join(", ");
      throw new Error(`${word} means ${found.length} things that nothing declares, so name one: ${names}`);
    }
    return [first, ...undeclared.filter(({ kind, parent }) => kind === "key" && parent === first.id)];
  });
  return [...new Map(named.map((finding) => [finding.id, finding])).values()];
}

/** Why a word can't be accepted. */
function whyNot(word: string, { findings, inventory, isAccountedFor }: StackComparison, who: string): string {
  if (!word.includes("/")) {
    return `${word} has no access that is undeclared now: \`pulumi-dt drift\` shows what can be accepted`;
  }
  const finding = findings.find(({ id }) => id === word);
  if (finding !== undefined) return `${word} can't be accepted, because it is declared: ${finding.message}`;
  if (isAccountedFor(word)) return `${word} is declared, so there is nothing to accept`;
  const list = listWith(word, inventory);
  if (list === undefined) {
    return `${word} is in a place where the stack declares nothing, so \`pulumi-dt drift\` does not look there, and there is nothing to accept`;
  }
  if (list.failure !== undefined) return `${word} can't be looked for: ${list.failure.reason}`;
  return list.items.some(({ name }) => name === word)
    ? `${word} is not a finding, because an access list allows it, or because it comes from the organization (--strict includes that)`
    : `${word} does not exist, as ${who} sees it`;
}

function listWith(name: string, { members, accounts, keys }: StackComparison["inventory"]) {
  const collections = collectionsOf(name) ?? "";
  if (collections.endsWith("members")) return members.get(parentOf(name));
  return collections.endsWith("keys") ? keys.get(parentOf(name)) : accounts.get(parentOf(name));
}
