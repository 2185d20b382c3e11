import { itemsOf } from "../cloud/lists.js";
import { namesOf } from "../state/declared.js";
import { listOf } from "../../provider/api/text/resourceNames.js";
import type { Ingredients } from "./ingredients.js";
import type { RecordedKey } from "./record.js";
import { standingsOf } from "./standing.js";

const day = 24 * 3_600_000;

/** The keys that exist, and those that are declared and missing. */
export function keysOf({ comparison, decided, others, asOf }: Omit<Ingredients, "report">): RecordedKey[] {
  const { inventory, present, isAccountedFor } = comparison;
  const standingOf = standingsOf({ ...decided, isAccountedFor });
  const resources = new Map<string, string[]>();
  for (const declared of [...present.own, ...present.others])
    if (declared.kind === "key")
      for (const name of namesOf(declared))
        resources.set(name, [...(resources.get(name) ?? []), declared.urn]);
  const bodies = [...itemsOf(inventory.keys), ...[...others.keys.values()].flat()];
  const known = new Set(bodies.map(({ name }) => name));
  const missing = decided.findings.filter(
    ({ kind, class: name, id }) => kind === "key" && name === "missing" && !known.has(id),
  );
  return [...bodies, ...missing.map(({ id }) => ({ name: id, createTime: "" }))]
    .map(({ name, createTime }) => ({
      name,
      account: listOf(name).replace(/\/keys$/, ""),
      createTime,
      days: daysSince(createTime, asOf),
      standing: standingOf(name),
      resources: resources.get(name) ?? [],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function daysSince(createTime: string, asOf: Date): number | null {
  const made = Date.parse(createTime);
  return Number.isNaN(made) ? null : Math.max(0, Math.floor((asOf.getTime() - made) / day));
}
