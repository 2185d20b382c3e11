import type { Member } from "../../access/effective.js";
import { idOf } from "../../provider/api/reads/find.js";
import { typeOf, type Step } from "../guard/plan.js";
import type { People } from "./people.js";

/** The members that an enforcing list removes. */
export interface ListRemoval {
  /** The URN of the list. */
  readonly urn: string;
  /** The project or organization. */
  readonly place: string;
  readonly members: readonly Member[];
}

/** Finds the members that the enforcing lists of a plan name. A list removes nobody else. */
export const removalsByLists = (steps: readonly Step[], people: People): ListRemoval[] =>
  steps.flatMap((step) => {
    const { op, urn, oldState, newState } = step;
    const isList = ["ProjectAccess", "OrganizationAccess"].includes(typeOf(step) ?? "");
    if (!isList || op !== "update" || newState?.inputs.mode !== "enforce") return [];
    const named = namesIn(oldState?.outputs.sighting);
    const members = named.map(([email, name]) => people.withId(idOf(name), email));
    return [{ urn, place: oldState?.id ?? "", members }];
  });

/** The API names of the memberships, by email, which a refresh recorded. */
function namesIn(sighting: unknown): [email: string, name: string][] {
  const { names } = (sighting ?? {}) as { names?: unknown };
  return typeof names === "object" && names !== null
    ? Object.entries(names).flatMap(([email, name]): [string, string][] =>
        typeof name === "string" ? [[email, name]] : [],
      )
    : [];
}
