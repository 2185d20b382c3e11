import { idOf } from "../../provider/api/reads/find.js";
import { slugOf, type Names } from "./names.js";

/** A project or an organization in an exported program. */
export interface Place {
  /** The API name. */
  readonly name: string;
  /** The display name. Untrusted text. Empty if it is not known. */
  readonly title: string;
  /** The constant with its id. */
  readonly variable: string;
  /** What the names of resources call it. */
  readonly label: string;
}

/**
 * Names the places of things by their display names. If two places have the same one, their ids tell them apart.
 *
 * @param things what is exported, by API names
 */
export function placesOf(
  things: readonly { readonly name: string }[],
  titles: ReadonlyMap<string, string>,
  names: Names,
): (thing: string) => Place {
  const used = [...new Set(things.map(({ name }) => scopeOf(name)))].sort();
  const titleOf = (name: string): string => slugOf(titles.get(name) ?? "");
  const places = used.map((name): [string, Place] => {
    const title = titleOf(name);
    const isUnique = title !== "" && used.filter((other) => titleOf(other) === title).length === 1;
    const label = isUnique ? title : [title, slugOf(idOf(name))].filter(Boolean).join("-");
    const variable = names.variable(label, name.startsWith("projects/") ? "project" : "organization");
    return [name, { name, title: titles.get(name) ?? "", variable, label }];
  });
  const byName = new Map(places);
  return (thing) => {
    const place = byName.get(scopeOf(thing));
    if (place === undefined) throw new Error(`${thing} is in no place of the export`);
    return place;
  };
}

/** `projects/P` or `organizations/O`, which an API name begins with. */
const scopeOf = (name: string): string => name.split("/").slice(0, 2).join("/");
