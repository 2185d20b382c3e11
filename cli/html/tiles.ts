import type { AccessRecord } from "../access/record.js";
import type { Trait } from "./people.js";

/** A figure at the top of the page. */
export interface Tile {
  readonly figure: string;
  readonly label: string;
  /** The filter that shows what is counted. Empty: none. */
  readonly filter: Trait | "person" | "account" | "";
  readonly isBad: boolean;
}

/** The figures at the top of the page, the most urgent first. */
export function tilesOf({ summary, criteria }: AccessRecord): Tile[] {
  const { undeclared, administrators, external, oldKeys, endingSoon, people, systems } = summary;
  return [
    tile(undeclared, "undeclared", "undeclared", undeclared > 0),
    tile(administrators, administrators === 1 ? "administrator" : "administrators", "admin"),
    external === null
      ? { figure: "–", label: "external: count them with --domain example.com", filter: "", isBad: false }
      : tile(external, `external to ${criteria.domains.join(", ")}`, "external"),
    tile(oldKeys, `${oldKeys === 1 ? "key" : "keys"} older than ${criteria.keyAge}`, "oldKeys"),
    tile(endingSoon, `ending within ${criteria.within}`, "soon"),
    tile(people, people === 1 ? "person" : "people", "person"),
    tile(systems, systems === 1 ? "system" : "systems", "account"),
  ];
}

const tile = (count: number, label: string, filter: Tile["filter"], isBad = false): Tile => ({
  figure: String(count),
  label,
  filter,
  isBad,
});
