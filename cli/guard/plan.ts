import * as v from "valibot";
import { idOf } from "../../provider/api/reads/find.js";
import { providerIn } from "../state/providers.js";
import { isEventStream, previewOf } from "./engineEvents.js";

const State = v.object({
  type: v.string(),
  id: v.optional(v.string(), ""),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
  /** URN of the component or the stack that it belongs to. */
  parent: v.optional(v.string(), ""),
  /** URNs of the resources that each input comes from. */
  propertyDependencies: v.optional(v.record(v.string(), v.nullish(v.array(v.string()), [])), {}),
  /** Set where Pulumi forgets the resource and leaves the thing in the cloud. */
  retainOnDelete: v.optional(v.boolean(), false),
  /** Set on what a program only looked up: Pulumi never deletes it. */
  external: v.optional(v.boolean(), false),
  /** URN of a resource whose deletion stands for that of this one, so that Pulumi asks nobody to delete it. */
  deletedWith: v.optional(v.string(), ""),
  /** URN and id of the provider, with `::` between them. */
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

/** One half of a step: what it takes out of the state, or what it puts there. */
export interface Side {
  readonly urn: string;
  readonly op: string;
  readonly state: State;
}

/** What `pulumi preview --json` writes, as far as it matters here. */
const Preview = v.object({
  config: v.optional(v.record(v.string(), v.unknown()), {}),
  steps: v.nullish(v.array(Step), []),
  changeSummary: v.optional(v.record(v.string(), v.number())),
  diagnostics: v.optional(v.array(v.object({ severity: v.string() })), []),
});

/** What Pulumi is about to do with resources of ours. */
export interface Plan {
  /** Configuration of the stack; secrets read `[secret]`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
  /** The same with everybody's resources, components among them. */
  readonly all: readonly Step[];
}

const typePrefix = "pulumi-nodejs:dynamic/dt:";

/** @throws Error when it is no preview, or one that failed: what it lacks would be passed over */
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

/** `ServiceAccount` and so on; undefined for what is not ours. */
export function typeOf({ oldState, newState }: Step): string | undefined {
  const type = (oldState ?? newState)?.type ?? "";
  return type.startsWith(typePrefix) ? type.slice(typePrefix.length) : undefined;
}

/** URN of the provider that carries out a step; empty where the plan does not say. */
export function providerOf({ oldState, newState }: Step): string {
  return providerIn((oldState ?? newState)?.provider ?? "");
}

/** Takes out the option deletedWith where the other resource is not deleted, or holds the thing in the cloud, so that it goes with it. */
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

/** What the plan takes out of the cloud. A replacement does so, too. */
export const leaving = (steps: readonly Step[]): Side[] =>
  steps.flatMap(({ urn, op, oldState: state }) =>
    removes.includes(op) && state !== undefined && !isLeftInCloud(state) ? [{ urn, op, state }] : [],
  );

/** What the plan creates. A replacement does so, too. */
export const coming = (steps: readonly Step[]): Side[] =>
  steps.flatMap(({ urn, op, newState: state }) =>
    creates.includes(op) && state !== undefined ? [{ urn, op, state }] : [],
  );

/** Pulumi only forgets it. */
const isLeftInCloud = ({ retainOnDelete, external, deletedWith }: State): boolean =>
  retainOnDelete || external || deletedWith !== "";

const deletes = ["delete", "delete-replaced", "discard", "discard-replaced"];
const removes = ["delete", "delete-replaced", "replace"];
const creates = ["create", "create-replacement", "replace"];
/** Steps that neither take something out of the cloud nor change it there, an import included. */
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

/** Whether this version knows what a step does. */
export const isKnownOp = (op: string): boolean =>
  [...removes, ...creates, ...harmless, "update"].includes(op);

/** What the program calls a resource. A name may hold `::`, too. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** A value that the preview shows: neither unknown before the update, nor a secret. */
export const shown = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "[secret]" && !value.includes(unknown) ? value : undefined;

/** How Pulumi writes a value that is not known before the update. */
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
