import * as v from "valibot";

const State = v.object({
  type: v.string(),
  id: v.optional(v.string(), ""),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});

const Step = v.object({
  op: v.string(),
  urn: v.string(),
  oldState: v.optional(State),
  newState: v.optional(State),
});
export type Step = v.InferOutput<typeof Step>;

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
  return { config, steps: steps.filter((step) => typeOf(step) !== undefined) };
}

/** `ServiceAccount` and so on; undefined for what is not ours. */
export function typeOf({ oldState, newState }: Step): string | undefined {
  const type = (oldState ?? newState)?.type ?? "";
  return type.startsWith(typePrefix) ? type.slice(typePrefix.length) : undefined;
}

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
