import * as pulumi from "@pulumi/pulumi";
import { tellProvider } from "./declarations.js";
import { perRun } from "./perRun.js";
import { adoptedId, bareId, canonicalEmail } from "./spelling.js";

/** A thing in the cloud that a resource declares: a membership by its address, or an account or key that exists by its id. */
export interface Declared {
  /** The project, organization or account that it is in. */
  readonly parent: pulumi.Input<string>;
  readonly collection: "members" | "serviceaccounts" | "keys";
  /** The address of a member, or what `adopt` names an account or a key by. */
  readonly what: pulumi.Input<string>;
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions | undefined;
}

/** Texts that are the same, and values that are the very same, have one key. */
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

const runOf = perRun(() => ({ keys: new Keys(), seen: new Map<string, Resource>() }));

/**
 * Declares a thing once. Two resources with one membership take it from each other: the deletion of one removes what the other
 * declares, and two roles change back and forth. Texts are compared at once, before anything is registered; outputs when they are known.
 *
 * @throws RunError that names both resources of the same provider.
 */
export function declare(
  resource: Resource,
  urn: string | Promise<string>,
  { parent, collection, what }: Declared,
): void {
  const { type, opts } = resource;
  const provider = opts?.provider ?? opts?.parent?.getProvider(type);
  const run = runOf();
  const compare = (parts: readonly [unknown, unknown]): void => {
    const key = run.keys.of(provider, type, parts);
    const other = run.seen.get(key);
    if (other !== undefined) throw new pulumi.RunError(explain(other, resource, parts));
    run.seen.set(key, resource);
  };
  const settle = (known: string, place: string, thing: string): void =>
    tellProvider({ urn: known, names: [`${place}/${collection}/${thing}`] });

  compare([spelledParent(parent, collection), spelledThing(what, collection)]);
  if (typeof urn === "string" && typeof parent === "string" && typeof what === "string") {
    settle(urn, nameOf(parent, type), spelledThing(what, collection) as string);
    return;
  }
  const isKnownText = typeof parent === "string" && typeof what === "string";
  // An error in here ends the program, since nothing handles it.
  pulumi.all([urn, parent, what]).apply(([knownUrn, place, thing]) => {
    if (!isKnownText) compare([spelledParent(place, collection), spelledThing(thing, collection)] as const);
    settle(knownUrn, nameOf(place, type), spelledThing(thing, collection) as string);
  });
}

const spelledParent = (parent: unknown, collection: Declared["collection"]): unknown =>
  typeof parent === "string" && collection !== "keys" ? bareId(parent) : parent;

const spelledThing = (what: unknown, collection: Declared["collection"]): unknown => {
  if (typeof what !== "string") return what;
  return collection === "members" ? canonicalEmail(what) : adoptedId(what);
};

/** The API's name of a project or an organization that may be given as a bare id. */
function nameOf(parent: string, type: string): string {
  if (parent.includes("/")) return parent.trim();
  return `${type.endsWith(":OrgAdminBinding") ? "organizations" : "projects"}/${parent.trim()}`;
}

function explain(first: Resource, second: Resource, parts: readonly unknown[]): string {
  const [scope, what] = parts.map((part) => (typeof part === "string" ? part : "the same value"));
  const type = second.type.slice(second.type.lastIndexOf(":") + 1);
  return `two resources declare the same thing, ${what} in ${scope}: ${type} "${first.name}" and ${type} "${second.name}". Each would remove it from the other, so keep only one of them`;
}
