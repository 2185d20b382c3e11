import * as v from "valibot";

/** A resource in Pulumi's state. */
const Resource = v.object({
  urn: v.string(),
  type: v.string(),
  id: v.optional(v.string(), ""),
  /** Whether the resource was replaced and still must be deleted. */
  delete: v.optional(v.boolean(), false),
  /** Whether the program only reads the resource. */
  external: v.optional(v.boolean(), false),
  /** Whether Pulumi only removes the resource from the state instead of deleting it. */
  retainOnDelete: v.optional(v.boolean(), false),
  /** Whether an interrupted replacement has deleted the resource. The next update creates it again. */
  pendingReplacement: v.optional(v.boolean(), false),
  /** The paths of properties whose changes Pulumi ignores. */
  ignoreChanges: v.nullish(v.array(v.string()), []),
  /** The errors of the last creation or update. The next update tries again. */
  initErrors: v.nullish(v.array(v.string()), []),
  /** The provider's URN and id, separated by `::`. */
  provider: v.optional(v.string(), ""),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type StateResource = v.InferOutput<typeof Resource>;

/** An operation that was running when a run was interrupted. */
const Operation = v.object({ type: v.string(), resource: v.object({ urn: v.string(), type: v.string() }) });
export type PendingOperation = v.InferOutput<typeof Operation>;

const Deployment = v.pipe(
  v.object({
    resources: v.nullish(v.array(Resource), []),
    pending_operations: v.nullish(v.array(Operation), []),
  }),
  v.transform(({ resources, pending_operations: pending }) => ({ resources, pending })),
);

/** The output of `pulumi stack export`, or a file of the file backend, which has the same content one level deeper. */
const State = v.union([
  v.pipe(
    v.object({ deployment: Deployment }),
    v.transform(({ deployment }) => deployment),
  ),
  v.pipe(
    v.object({ checkpoint: v.object({ latest: v.nullish(Deployment, {}) }) }),
    v.transform(({ checkpoint }) => checkpoint.latest),
  ),
]);

/** A stack, and the resources in its state. */
export interface StackState {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly StateResource[];
  /** Operations that were running when a run was interrupted and whose result is unknown. */
  readonly pending: readonly PendingOperation[];
}

/** @throws Error if the text isn't a state. `source` says where the text comes from */
export function parseState(text: string, source: string): StackState {
  const result = v.safeParse(State, parseJson(text, source));
  if (!result.success) {
    throw new Error(`${source} holds no state of a Pulumi stack: pass the output of \`pulumi stack export\``);
  }
  const { resources, pending } = result.output;
  const [, stack = "", project = ""] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(resources[0]?.urn ?? "") ?? [];
  return { project, stack, resources, pending };
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's message quotes the text, which can contain secrets.
    throw new Error(`${source} is not JSON: pass the output of \`pulumi stack export\``, { cause: error });
  }
}

/** The property that marks a secret in Pulumi's state. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** Whether a property is encrypted, so that its value is unknown. */
export const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && secretMark in value;
