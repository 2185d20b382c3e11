import * as v from "valibot";

/** A resource as Pulumi's state keeps it. */
const Resource = v.object({
  urn: v.string(),
  type: v.string(),
  id: v.optional(v.string(), ""),
  /** Set on what was replaced and still waits to be deleted. */
  delete: v.optional(v.boolean(), false),
  /** Set on what a program only looked up. */
  external: v.optional(v.boolean(), false),
  /** Set on what Pulumi only forgets, where it would delete otherwise. */
  retainOnDelete: v.optional(v.boolean(), false),
  /** Set on what an interrupted replacement has deleted, so that the next update creates it anew. */
  pendingReplacement: v.optional(v.boolean(), false),
  /** Paths of properties whose changes Pulumi ignores. */
  ignoreChanges: v.nullish(v.array(v.string()), []),
  /** What failed when it was last created or updated: the next update tries again. */
  initErrors: v.nullish(v.array(v.string()), []),
  /** URN and id of its provider, with `::` between them. */
  provider: v.optional(v.string(), ""),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type StateResource = v.InferOutput<typeof Resource>;

/** What was begun when a run was interrupted. */
const Operation = v.object({ type: v.string(), resource: v.object({ urn: v.string(), type: v.string() }) });
export type PendingOperation = v.InferOutput<typeof Operation>;

const Deployment = v.pipe(
  v.object({
    resources: v.nullish(v.array(Resource), []),
    pending_operations: v.nullish(v.array(Operation), []),
  }),
  v.transform(({ resources, pending_operations: pending }) => ({ resources, pending })),
);

/** What `pulumi stack export` writes; or a file of the file backend, which holds the same one level deeper. */
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
  /** What was begun when a run was interrupted, and is not known to have ended. */
  readonly pending: readonly PendingOperation[];
}

/** @throws Error when the text is no state; `source` says where it came from */
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
    // Not the parser's words, which quote the text: there may be secrets in it.
    throw new Error(`${source} is not JSON: pass the output of \`pulumi stack export\``, { cause: error });
  }
}

/** How Pulumi marks a secret in a state; its value is not for us. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** Whether a property is encrypted, so that nothing can be said of its value. */
export const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && secretMark in value;
