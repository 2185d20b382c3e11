import { printable } from "../../provider/api/text/foreignText.js";
import { idOf } from "../../provider/api/text/resourceNames.js";
import type { AccessRecord, Changes } from "../access/record.js";
import { byDanger, severityOf, type Severity } from "../findings/severity.js";
import { canGrant, isBroadening } from "../../access/roles.js";
import { messageOf, resourceNames } from "../formats/words.js";
import { titleOf } from "./groups.js";
import { shortRole } from "./wording.js";

/** A finding or a change on the page. */
export interface Item {
  readonly tone: Severity;
  /** One word. */
  readonly tag: string;
  /** Who or what. */
  readonly title: string;
  /** The place. Empty: none. */
  readonly where: string;
  readonly text: string;
  /** The names of the declaring resources. */
  readonly by: string;
  /** The API name. */
  readonly id: string;
}

/** The findings, the most dangerous first. The matrix tells which access belongs to the identity that Pulumi runs as. */
export function findingItems({ findings, places, members }: AccessRecord): Item[] {
  const names = namesIn({ places, members });
  const shown = findings.filter(({ class: name }) => name !== "self");
  return byDanger(shown).map((finding) => ({
    tone: severityOf(finding),
    tag: finding.class,
    title: names.subject(finding.id, finding),
    where: names.place(finding.id),
    text: messageOf(finding),
    by: resourceNames(finding).join(", "),
    id: finding.id,
  }));
}

/** What changed since an earlier record, more access first. */
export function changeItems({ places, members }: AccessRecord, changes: Changes): Item[] {
  const names = namesIn({ places, members });
  const plain = { by: "", tone: "notice" as Severity };
  return [
    ...changes.access.map(({ change, member, email, displayName, place, before, after }): Item => {
      const tone = !isBroadening(change) ? "notice" : after.split(",").some(canGrant) ? "danger" : "warning";
      const [from, to] = [before, after].map((role) => (role === "" ? "no access" : shortRole(role)));
      return {
        ...{ ...plain, tone, tag: change, text: `${from} → ${to}` },
        ...{
          title: printable(displayName || email),
          where: names.place(`${place}/`),
          id: `${place}/members/${member}`,
        },
      };
    }),
    ...changes.keys.map(({ change, key, account, previous }): Item => ({
      ...{ ...plain, tag: change, title: names.subject(key), where: names.place(account), id: key },
      tone: change === "new" ? "warning" : "notice",
      text:
        change === "rotated"
          ? `replaces the key ${idOf(previous)}`
          : `${change === "new" ? "a new" : "a deleted"} key`,
    })),
    ...changes.accounts.map(({ change, account, displayName, before }): Item => ({
      ...{ ...plain, tag: change, title: printable(displayName), where: names.place(account), id: account },
      text: change === "renamed" ? `a service account, before: ${printable(before)}` : "a service account",
    })),
    ...changes.notCompared.map(({ what, why }): Item => ({
      ...{ ...plain, tag: "not compared", title: names.subject(what), where: "", text: why, id: what },
    })),
  ];
}

interface Described {
  readonly email?: string | undefined;
  readonly displayName?: string | undefined;
}

/** Names for people, where the record has them. */
function namesIn({ places, members }: Pick<AccessRecord, "places" | "members">) {
  const titles = new Map(places.map((place) => [place.name, titleOf(place)]));
  const byId = new Map(members.map((member) => [member.id, member]));
  const nameOf = (id: string): string => {
    const member = byId.get(id);
    return member === undefined ? "" : member.displayName || member.email;
  };
  return {
    /** The title of the project or the organization that an API name is in. */
    place(name: string): string {
      const top = name.split("/").slice(0, 2).join("/");
      return top === name ? "" : (titles.get(top) ?? idOf(top));
    },
    subject(name: string, { displayName, email }: Described = {}): string {
      const [, , collection, id = "", keys, key] = name.split("/");
      if (name.startsWith("urn:")) return printable(name);
      if (keys !== undefined)
        return printable(`${key === undefined ? "keys" : `key ${key}`} of ${nameOf(id) || id}`);
      if (collection !== undefined) return printable(displayName || nameOf(id) || email || id);
      return titles.get(name) ?? idOf(name);
    },
  };
}
