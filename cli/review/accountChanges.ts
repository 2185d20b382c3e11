import type { AccessChange } from "../../access/changes.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import { canonicalEmail } from "../../provider/api/text/email.js";
import { coming, leaving, shown, typeOf, type Side, type State, type Step } from "../guard/plan.js";
import type { People } from "./people.js";

/** A change of a service account itself. */
export interface AccountChange {
  readonly change: "created" | "deleted" | "basic-auth-on" | "basic-auth-off";
  /** The API name. Empty for a new account. */
  readonly account: string;
  readonly email: string;
  readonly displayName: string;
  /** The project: its API name, or the URN of the resource that creates it. Empty if the preview does not show it. */
  readonly project: string;
  /** What a deleted account could reach: roles, by the API name of the place. */
  readonly reached: Readonly<Record<string, string>>;
  /** The URN. */
  readonly resource: string;
}

/** Finds the accounts that a plan creates and deletes, and where it switches Basic authentication on or off. */
export const accountChanges = (
  steps: readonly Step[],
  people: People,
  changes: readonly AccessChange[],
): AccountChange[] =>
  steps
    .filter((step) => typeOf(step) === "ServiceAccount")
    .flatMap((step) => [
      ...leaving([step]).map((side) => deleted(side, changes)),
      ...coming([step])
        .filter(({ state }) => state.inputs.adopt === undefined)
        .map((side): AccountChange => ({
          ...created(side),
          project: people.place(side.state, "project") ?? "",
        })),
      ...basicAuth(step),
    ]);

const created = ({ urn, state }: Side): AccountChange => ({
  change: "created",
  account: "",
  email: "",
  displayName: shown(state.inputs.displayName) ?? "",
  project: "",
  reached: {},
  resource: urn,
});

const existing = (urn: string, { id, inputs, outputs }: State) => ({
  account: id,
  email: canonicalEmail(shown(outputs.email) ?? ""),
  displayName: shown(inputs.displayName) ?? "",
  project: parentOf(id),
  reached: {},
  resource: urn,
});

function deleted({ urn, state }: Side, changes: readonly AccessChange[]): AccountChange {
  const lost = changes.filter(({ member, after }) => member.id === idOf(state.id) && after === "");
  const reached = lost.map(({ place, before }) => [place.name, before]);
  return {
    ...existing(urn, state),
    change: "deleted",
    reached: Object.fromEntries(reached) as AccountChange["reached"],
  };
}

function basicAuth({ op, urn, oldState, newState }: Step): AccountChange[] {
  if (op !== "update" || oldState === undefined || newState === undefined) return [];
  const isOn = ({ inputs }: State): boolean => inputs.enableBasicAuth === true;
  if (isOn(oldState) === isOn(newState)) return [];
  return [{ ...existing(urn, oldState), change: isOn(newState) ? "basic-auth-on" : "basic-auth-off" }];
}
