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
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type StateResource = v.InferOutput<typeof Resource>;

const Resources = v.object({ resources: v.nullish(v.array(Resource), []) });

/** What `pulumi stack export` writes; or a file of the file backend, which holds the same one level deeper. */
const State = v.union([
  v.pipe(
    v.object({ deployment: Resources }),
    v.transform(({ deployment }) => deployment.resources),
  ),
  v.pipe(
    v.object({ checkpoint: v.object({ latest: v.nullish(Resources, { resources: [] }) }) }),
    v.transform(({ checkpoint }) => checkpoint.latest.resources),
  ),
]);

/** A stack, and the resources in its state. */
export interface StackState {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly StateResource[];
}

/** @throws Error when the text is no state; `source` says where it came from */
export function parseState(text: string, source: string): StackState {
  const result = v.safeParse(State, parseJson(text, source));
  if (!result.success) {
    throw new Error(`${source} holds no state of a Pulumi stack: give what \`pulumi stack export\` writes`);
  }
  const resources = result.output;
  const [, stack = "", project = ""] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(resources[0]?.urn ?? "") ?? [];
  return { project, stack, resources };
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Not the parser's words, which quote the text: there may be secrets in it.
    throw new Error(`${source} is no JSON: give what \`pulumi stack export\` writes`, { cause: error });
  }
}

/** How Pulumi marks a secret in a state; its value is not for us. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** Whether a property is encrypted, so that nothing can be said of its value. */
export const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && secretMark in value;
