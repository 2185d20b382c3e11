import * as pulumi from "@pulumi/pulumi";
import { perRun } from "./perRun.js";
import { adoptedId, bareId, canonicalEmail } from "./spelling.js";

/** What a resource declares: a membership, by its place and its address, or an existing account or key, by its parent and its id. */
interface Declaration {
  readonly scope: pulumi.Input<string>;
  readonly what: pulumi.Input<string>;
}

interface Declared {
  readonly name: string;
  readonly type: string;
}

/** Values that are the same text, or the very same output, have one key. */
class Keys {
  readonly #ids = new Map<unknown, number>();

  of(provider: unknown, type: string, parts: readonly unknown[]): string {
    return JSON.stringify([
      this.#id(provider),
      type,
      ...parts.map((part) => (typeof part === "string" ? part : this.#id(part))),
    ]);
  }

  #id(value: unknown): number {
    const id = this.#ids.get(value) ?? this.#ids.size;
    this.#ids.set(value, id);
    return id;
  }
}

const seen = perRun(() => ({ keys: new Keys(), declared: new Map<string, Declared>() }));

/**
 * Refuses a second resource for the same thing under the same provider. Two resources with one membership take it from each other:
 * the deletion of one removes what the other declares, and two roles change back and forth.
 *
 * Texts are compared at once, before anything is registered. Outputs are compared when they are known.
 *
 * @throws RunError that names both resources.
 */
export function assertDeclaredOnce(
  type: string,
  name: string,
  { scope, what }: Declaration,
  opts: pulumi.CustomResourceOptions = {},
): void {
  // A resource that is only read declares nothing.
  if (opts.id !== undefined) return;
  const provider = opts.provider ?? opts.parent?.getProvider(type);
  const run = seen();
  const compare = (parts: readonly [unknown, unknown]): void => {
    const key = run.keys.of(provider, type, parts.map(spelledOnce));
    const other = run.declared.get(key);
    if (other !== undefined) throw new pulumi.RunError(explain(other, { name, type }, parts));
    run.declared.set(key, { name, type });
  };
  compare([scope, what]);
  if (typeof scope === "string" && typeof what === "string") return;
  // The error ends the program, since nothing handles it.
  pulumi.all([scope, what]).apply((parts) => compare(parts));
}

/** The same for an account or a key that is adopted. Only texts can be compared. */
export function assertAdoptedOnce(
  type: string,
  name: string,
  scope: pulumi.Input<string>,
  adopt: pulumi.Input<string> | undefined,
  opts?: pulumi.CustomResourceOptions,
): void {
  if (typeof adopt !== "string") return;
  assertDeclaredOnce(type, name, { scope, what: adoptedId(adopt) }, opts);
}

const spelledOnce = (part: unknown, index: number): unknown => {
  if (typeof part !== "string") return part;
  return index === 0 ? bareId(part) : canonicalEmail(part);
};

function explain(first: Declared, second: Declared, parts: readonly unknown[]): string {
  const [scope, what] = parts.map((part) => (typeof part === "string" ? part : "the same value"));
  const type = second.type.slice(second.type.lastIndexOf(":") + 1);
  return `two resources declare the same thing, ${what} in ${scope}: ${type} "${first.name}" and ${type} "${second.name}". Each would take it from the other, so keep one of them`;
}
