import * as pulumi from "@pulumi/pulumi";
import { tellProvider } from "./declarations.js";
import { oncePerRun } from "./oncePerRun.js";
import { runError } from "./runError.js";
import { adoptedId, bareId, canonicalEmail } from "./spelling.js";

/**
 * What a resource declares: a membership, named by its email, an existing account, key or project, named by its id, or
 * a new project, named by its display name.
 */
export interface Declared {
  /** The project, organization or account that it is in. Undefined for an existing project. */
  readonly parent?: pulumi.Input<string>;
  readonly collection: "members" | "serviceaccounts" | "keys" | "projects";
  /** The email of a member, the display name of a new project, or the value of `adopt`. */
  readonly what: pulumi.Input<string>;
  /** When the access of a member ends. */
  readonly expires?: pulumi.Input<string> | undefined;
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions | undefined;
}

/** Builds map keys. Equal strings get the same key; other values, such as outputs, only if they are the same object. */
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

const runOf = oncePerRun(() => ({ keys: new Keys(), seen: new Map<string, Resource>() }));

/**
 * Refuses two resources of the same provider that declare the same thing. They would undo each other's work: deleting
 * one removes what the other declares, and two roles change back and forth. Strings are compared at once, before
 * anything is registered. Outputs are compared when they are known.
 *
 * @throws RunError that names both resources
 */
export function declare(
  resource: Resource,
  urn: string | Promise<string>,
  { parent = "", collection, what, expires }: Declared,
): void {
  const { type, opts } = resource;
  const provider = opts?.provider ?? opts?.parent?.getProvider(type);
  const run = runOf();
  const compare = (parts: readonly [unknown, unknown]): void => {
    const key = run.keys.of(provider, type, parts);
    const other = run.seen.get(key);
    if (other !== undefined) throw runError(explain(other, resource, parts));
    run.seen.set(key, resource);
  };
  const settle = (known: string, place: string, thing: string, end: string | undefined): void =>
    tellProvider({
      urn: known,
      names: [`${place === "" ? "" : `${place}/`}${collection}/${thing}`],
      expires: end,
    });

  compare([spelledParent(parent, collection), spelledThing(what, collection)]);
  const isKnownEnd = expires === undefined || typeof expires === "string";
  if (typeof urn === "string" && typeof parent === "string" && typeof what === "string" && isKnownEnd) {
    settle(urn, nameOf(parent, type), spelledThing(what, collection) as string, expires);
    return;
  }
  const isKnownText = typeof parent === "string" && typeof what === "string";
  // Nothing catches an error in here, so it ends the program.
  pulumi.all([urn, parent, what, expires]).apply(([knownUrn, place, thing, end]) => {
    if (!isKnownText) compare([spelledParent(place, collection), spelledThing(thing, collection)] as const);
    settle(knownUrn, nameOf(place, type), spelledThing(thing, collection) as string, end);
  });
}

const spelledParent = (parent: unknown, collection: Declared["collection"]): unknown =>
  typeof parent === "string" && collection !== "keys" ? bareId(parent) : parent;

const spelledThing = (what: unknown, collection: Declared["collection"]): unknown => {
  if (typeof what !== "string") return what;
  if (collection === "projects") return bareId(what);
  return collection === "members" ? canonicalEmail(what) : adoptedId(what);
};

/** The API name of a project or an organization. `parent` can be a bare id. */
function nameOf(parent: string, type: string): string {
  if (parent === "" || parent.includes("/")) return parent.trim();
  return `${/:(OrgAdminBinding|Project)$/.test(type) ? "organizations" : "projects"}/${parent.trim()}`;
}

function explain(first: Resource, second: Resource, parts: readonly unknown[]): string {
  const [scope, what] = parts.map((part) => (typeof part === "string" ? part : "the same value"));
  const type = second.type.slice(second.type.lastIndexOf(":") + 1);
  return `two resources declare the same thing, ${what}${scope === "" ? "" : ` in ${scope}`}: ${type} "${first.name}" and ${type} "${second.name}". Each would remove it from the other, so keep only one of them`;
}
