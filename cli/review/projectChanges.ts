import { coming, leaving, shown, typeOf, type Step } from "../guard/plan.js";

/** A project that a plan creates or deletes. */
export interface ProjectChange {
  readonly change: "created" | "deleted";
  /** The API name. Empty for a new project. */
  readonly project: string;
  readonly displayName: string;
  readonly organization: string;
  /** The URN. */
  readonly resource: string;
}

/** Finds the projects that a plan creates and deletes. One that is adopted or left in the cloud is not among them. */
export const projectChanges = (steps: readonly Step[]): ProjectChange[] =>
  steps
    .filter((step) => typeOf(step) === "Project")
    .flatMap((step) => [
      ...leaving([step]).map((side): ProjectChange => ({
        ...of(side),
        change: "deleted",
        project: side.state.id,
      })),
      ...coming([step])
        .filter(({ state }) => state.inputs.adopt === undefined)
        .map((side): ProjectChange => ({ ...of(side), change: "created", project: "" })),
    ]);

const of = ({ urn, state }: ReturnType<typeof leaving>[number]) => ({
  displayName: shown(state.inputs.displayName) ?? "",
  organization: shown(state.inputs.organization) ?? "",
  resource: urn,
});
