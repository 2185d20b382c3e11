import picomatch from "picomatch";
import { parentOf } from "../../provider/api/find.js";
import type { Declared } from "../state/declared.js";
import type { Finding } from "./finding.js";

/** Whether a declared list of members says that this one may be there, without granting it anything itself. */
export function allowances(declared: readonly Declared[]): (finding: Finding) => boolean {
  const lists = declared.flatMap((item) => {
    if (item.kind !== "accessList") return [];
    // As the provider reads them: a leading ! means nothing special.
    const isIgnored = picomatch([...item.ignore], {
      nocase: true,
      dot: true,
      noextglob: true,
      nonegate: true,
    });
    const isAllowed = (email: string): boolean =>
      item.members.includes(email) || (item.ignore.length > 0 && isIgnored(email));
    return [{ scope: item.name, isAllowed }];
  });
  return ({ kind, id, email }) =>
    kind === "membership" &&
    email !== undefined &&
    lists.some(({ scope, isAllowed }) => scope === parentOf(id) && isAllowed(email));
}
