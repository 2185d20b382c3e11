import { organizationAdmin } from "../../provider/api/text/roles.js";
import { printable } from "../../provider/api/text/foreignText.js";
import { nameIn } from "../../provider/stack/urns.js";
import type { EndingAccess } from "../findings/ending.js";
import type { Report } from "./report.js";
import { personOf, placeOf, shortRole } from "./sentence.js";

/** What ends soon, with one line for each membership. */
export const endingLines = ({ ending }: Report): string[] =>
  (ending?.access ?? []).map((access) => printable(`${sentenceOf(access)} (${access.id})`));

/** What ends soon, with one paragraph for each membership. */
export const endingParagraphs = ({ ending }: Report): string[] =>
  (ending?.access ?? []).map((access) => `${printable(sentenceOf(access))}\n  ${printable(access.id)}`);

export const endingTitle = ({ ending }: Report): string => `Ends within ${ending?.within ?? "0"}`;

function sentenceOf(access: EndingAccess): string {
  const { id, email, displayName, role, place, until, resources } = access;
  const who = personOf({ id, email, displayName });
  const where = placeOf({ place, parent: place.name });
  const what = role === organizationAdmin ? "an administrator of" : `${shortRole(role)} in`;
  return `${who} is ${what} ${where} until ${until}, declared by ${resources.map(nameIn).join(", ")}`;
}
