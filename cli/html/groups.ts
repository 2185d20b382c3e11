import { printable } from "../../provider/api/text/foreignText.js";
import { idOf } from "../../provider/api/text/resourceNames.js";
import type { RecordedPlace } from "../access/record.js";

/** A column of the matrix. */
export interface Column {
  readonly name: string;
  readonly title: string;
  /** The heading above the column. Empty: none. */
  readonly group: string;
}

/**
 * The columns in order. Organizations come first, because their administrators reach the projects. The projects are
 * grouped by a label, or else by organization if there are several.
 *
 * @param label the name of the label. By default `env` or `environment`, if a project has it
 * @throws Error if no project has the given label
 */
export function columnsOf(places: readonly RecordedPlace[], label?: string): Column[] {
  const chosen = label ?? ["env", "environment"].find((name) => places.some(({ labels }) => name in labels));
  if (label !== undefined && !places.some(({ labels }) => label in labels)) {
    throw new Error(
      `--group-by ${JSON.stringify(printable(label))}: no project of this report has this label; ${labelsIn(places)}`,
    );
  }
  const titles = new Map(places.map((place) => [place.name, titleOf(place)]));
  const organizations = new Set(places.map(({ organization }) => organization).filter((name) => name !== ""));
  const groupOf = ({ name, labels, organization }: RecordedPlace): string => {
    if (name.startsWith("organizations/")) return "Organizations";
    if (chosen !== undefined) return printable(labels[chosen] ?? "") || "Others";
    return organizations.size > 1 ? (titles.get(organization) ?? idOf(organization)) : "Projects";
  };
  return places
    .map((place) => ({ name: place.name, title: titleOf(place), group: groupOf(place) }))
    .sort(
      (a, b) =>
        compare(positionOf(a), positionOf(b)) ||
        inWords(a.group, b.group) ||
        inWords(a.title, b.title) ||
        compare(a.name, b.name),
    );
}

/** The display name, or the id if the name is not known. */
export const titleOf = ({ name, displayName }: Pick<RecordedPlace, "name" | "displayName">): string =>
  printable(displayName) || idOf(name);

const positionOf = ({ name, group }: Column): number =>
  name.startsWith("organizations/") ? 0 : group === "Others" ? 2 : 1;

function labelsIn(places: readonly RecordedPlace[]): string {
  const names = [...new Set(places.flatMap(({ labels }) => Object.keys(labels)))].sort();
  return names.length === 0 ? "no project has labels" : `there are ${printable(names.join(", "))}`;
}

/** The order of a language that sorts `Project 2` before `Project 10`. The same on every machine. */
const inWords = new Intl.Collator("en", { numeric: true }).compare;

const compare = <Value extends string | number>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);
