import { emailMatcher } from "../../files/patterns.js";
import { parentOf } from "../../provider/api/reads/find.js";
import type { Declared, DeclaredList } from "../state/declared.js";
import type { Finding } from "./finding.js";

/** What access lists say about an unmanaged membership. A list allows members, but doesn't grant them access. */
export interface Lists {
  /** Whether a list names or ignores the email. */
  readonly allow: (finding: Finding) => boolean;
  /** The list that names the membership with its old email, if the email has changed. */
  readonly knownIn: (
    finding: Finding,
  ) => { readonly list: DeclaredList; readonly address: string } | undefined;
}

export function listsIn(declared: readonly Declared[]): Lists {
  const lists = declared.flatMap((list) => {
    if (list.kind !== "accessList") return [];
    const isIgnored = emailMatcher(list.ignore);
    const isAllowed = (email: string): boolean => list.members.includes(email) || isIgnored(email);
    return [{ list, isAllowed }];
  });
  const around = ({ id }: Finding) => lists.filter(({ list }) => list.name === parentOf(id));
  return {
    allow: (finding) =>
      finding.email !== undefined &&
      finding.kind === "membership" &&
      around(finding).some(({ isAllowed }) => isAllowed(finding.email ?? "")),
    knownIn: (finding) =>
      around(finding).flatMap(({ list }) => {
        const address = list.known.get(finding.id);
        return address !== undefined && list.members.includes(address) ? [{ list, address }] : [];
      })[0],
  };
}
