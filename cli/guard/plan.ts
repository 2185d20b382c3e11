import * as v from "valibot";
import { idOf } from "../../provider/api/reads/find.js";
import { isOurs, kindOfType } from "../../provider/stack/doors.js";
import { providerIn } from "../state/providers.js";
import { isEventStream, previewOf } from "./engineEvents.js";

const State = v.object({
  type: v.string(),
  id: v.optional(v.string(), ""),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
  /** The URN of the component or stack that the resource belongs to. */
  parent: v.optional(v.string(), ""),
  /** The URNs of the resources that each input depends on. */
  propertyDependencies: v.optional(v.record(v.string(), v.nullish(v.array(v.string()), [])), {}),
  /** Whether Pulumi only removes the resource from the state and keeps it in the cloud. */
  retainOnDelete: v.optional(v.boolean(), false),
  /** Whether the program only reads the resource. Pulumi never deletes such a resource. */
  external: v.optional(v.boolean(), false),
  /** The URN of a resource whose deletion also deletes this one, so that Pulumi doesn't call the provider for it. */
  deletedWith: v.optional(v.string(), ""),
  /** The id of the object that the option `import` names. */
  importID: v.optional(v.string(), ""),
  /** The provider's URN and id, separated by `::`. */
  provider: v.optional(v.string(), ""),
});
export type State = v.InferOutput<typeof State>;

const Step = v.object({
  op: v.string(),
  urn: v.string(),
  oldState: v.optional(State),
  newState: v.optional(State),
});
export type Step = v.InferOutput<typeof Step>;

/** One half of a step: the state that it removes, or the state that it adds. */
export interface Side {
  readonly urn: string;
  readonly op: string;
  readonly state: State;
}

/** The part of the output of `pulumi preview --json` that the guard uses. */
const Preview = v.object({
  config: v.optional(v.record(v.string(), v.unknown()), {}),
  steps: v.nullish(v.array(Step), []),
  changeSummary: v.optional(v.record(v.string(), v.number())),
  diagnostics: v.optional(v.array(v.object({ severity: v.string() })), []),
});

/** The changes that Pulumi plans. */
export interface Plan {
  /** The stack configuration. Secrets are `[secret]`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
  /** The steps for all resources, including components and the resources of other packages. */
  readonly all: readonly Step[];
}

/** @throws Error if the text isn't a preview, or if the preview failed, because then steps are missing */
export function readPlan(text: string): Plan {
  const result = v.safeParse(Preview, isEventStream(text) ? previewOf(text) : parseJson(text));
  if (!result.success || result.output.changeSummary === undefined) throw noPreview();
  const { config, diagnostics } = result.output;
  if (diagnostics.some(({ severity }) => severity === "error")) {
    throw new Error("the preview failed, so the list of changes is incomplete");
  }
  const steps = withoutStandIns(result.output.steps);
  return { config, steps: steps.filter((step) => typeOf(step) !== undefined), all: steps };
}

/** The kind, such as `ServiceAccount`, for both doors. Undefined for a resource of another package. */
export function typeOf({ oldState, newState }: Step): string | undefined {
  const type = (oldState ?? newState)?.type ?? "";
  return isOurs(type) ? kindOfType(type) : undefined;
}

/** The URN of the provider that runs a step. Empty if the plan doesn't contain it. */
export function providerOf({ oldState, newState }: Step): string {
  return providerIn((oldState ?? newState)?.provider ?? "");
}

/**
 * Ignores the option deletedWith in two cases: if the other resource isn't deleted, and if its deletion in the cloud
 * really deletes this one, too.
 */
function withoutStandIns(steps: readonly Step[]): Step[] {
  const deleted = new Map(
    steps.flatMap(({ op, urn, oldState }) => (deletes.includes(op) && oldState ? [[urn, oldState]] : [])),
  );
  return steps.map((step) => {
    const { oldState } = step;
    if (oldState === undefined || oldState.deletedWith === "") return step;
    const other = deleted.get(oldState.deletedWith);
    const isHeld = other !== undefined && other.id !== "" && oldState.id.split("/").includes(idOf(other.id));
    return other === undefined || isHeld ? { ...step, oldState: { ...oldState, deletedWith: "" } } : step;
  });
}

/** The resources that the plan deletes in the cloud. A replacement also deletes one. */
export const leaving = (steps: readonly Step[]): Side[] =>
  steps.flatMap(({ urn, op, oldState: state }) =>
    removes.includes(op) && state !== undefined && !isLeftInCloud(state) ? [{ urn, op, state }] : [],
  );

/** The resources that the plan creates. A replacement also creates one. */
export const coming = (steps: readonly Step[]): Side[] =>
  steps.flatMap(({ urn, op, newState: state }) =>
    creates.includes(op) && state !== undefined ? [{ urn, op, state }] : [],
  );

/** Whether Pulumi only removes the resource from the state. */
const isLeftInCloud = ({ type, inputs, retainOnDelete, external, deletedWith }: State): boolean =>
  retainOnDelete ||
  external ||
  deletedWith !== "" ||
  (isOurs(type) && kindOfType(type) === "Project" && inputs.deletion === "retain");

const deletes = ["delete", "delete-replaced", "discard", "discard-replaced"];
const removes = ["delete", "delete-replaced", "replace"];
const creates = ["create", "create-replacement", "replace"];
/** Steps that neither delete nor change anything in the cloud. An import is one of them. */
const harmless = [
  "same",
  "refresh",
  "read",
  "read-replacement",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
  "import",
  "import-replacement",
  "diff",
];

/** Whether this version knows the kind of step. */
export const isKnownOp = (op: string): boolean =>
  [...removes, ...creates, ...harmless, "update"].includes(op);

/** A value, if the preview shows it. Undefined if it is secret or unknown before the update. */
export const shown = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "[secret]" && !value.includes(unknown) ? value : undefined;

/** Whether a value is unknown before the update. A secret is known, but not shown. */
export const isUnknown = (value: unknown): boolean => typeof value === "string" && value.includes(unknown);

/** Pulumi's text for a value that is unknown before the update. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw noPreview();
  }
}

const noPreview = (): Error =>
  new Error(
    "the input is not the output of `pulumi preview --json` or `pulumi destroy --preview-only --json`",
  );
