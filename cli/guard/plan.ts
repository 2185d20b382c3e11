import * as v from "valibot";

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
  const result = v.safeParse(Preview, parseJson(text));
  if (!result.success || result.output.changeSummary === undefined) throw noPreview();
  const { config, steps, diagnostics } = result.output;
  if (diagnostics.some(({ severity }) => severity === "error")) {
    throw new Error("the preview failed, so it does not say all that would be done");
  }
  return { config, steps: steps.filter((step) => typeOf(step) !== undefined), all: steps };
}

/** `ServiceAccount` and so on; undefined for what is not ours. */
export function typeOf({ oldState, newState }: Step): string | undefined {
  const type = (oldState ?? newState)?.type ?? "";
  return type.startsWith(typePrefix) ? type.slice(typePrefix.length) : undefined;
}

/** What the plan takes out of the cloud. A replacement does so, too. */
export const leaving = (steps: readonly Step[]): Side[] =>
  steps.flatMap(({ urn, op, oldState: state }) =>
    removes.includes(op) && state !== undefined && !state.retainOnDelete ? [{ urn, op, state }] : [],
  );

/** What the plan creates. A replacement does so, too. */
export const coming = (steps: readonly Step[]): Side[] =>
  steps.flatMap(({ urn, op, newState: state }) =>
    creates.includes(op) && state !== undefined ? [{ urn, op, state }] : [],
  );

const removes = ["delete", "delete-replaced", "replace"];
const creates = ["create", "create-replacement", "replace"];

/** What the program calls a resource. A name may hold `::`, too. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** A value that the preview shows: neither unknown before the update, nor a secret. */
export const shown = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "[secret]" && !value.includes(unknown) ? value : undefined;

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
    "the input is not what `pulumi preview --json` writes (nor what `pulumi destroy --preview-only --json` does)",
  );
