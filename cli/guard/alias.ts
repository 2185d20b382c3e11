import { isOurComponent, typeInUrn } from "../../provider/stack/doors.js";
import { nameIn } from "../../provider/stack/urns.js";
import { type Step } from "./plan.js";
import type { Rename } from "./renames.js";

/** A resource option that tells Pulumi about the new name of a resource. */
export interface Alias {
  /** The URN of the resource or component that needs the option. */
  readonly urn: string;
  /**
   * TypeScript: `aliases: […]`, or `transformations: […]` for a resource that one of the package's components creates.
   */
  readonly option: string;
  /** Whether the program uses both names, so that the resource needs a third name. */
  readonly needsOwnName: boolean;
}

/** The steps of a plan by URN. */
export type Steps = ReadonlyMap<string, Step>;

/** A resource in the current program or in the previous one. */
interface Node {
  readonly urn: string;
  readonly parent: string;
}

/** Returns the option that keeps a renamed resource. One alias on a renamed component covers all of its resources. */
export function aliasFor({ from, to }: Pick<Rename, "from" | "to">, all: Steps): Alias {
  // Pulumi matches a resource's own name before aliases, so a name that the program still uses can't be an alias.
  const needsOwnName = from.op !== "delete" || to.op !== "create";
  const [old, fresh] = needsOwnName ? [nodeOf(from), nodeOf(to)] : outermost(nodeOf(from), nodeOf(to), all);
  const aliases = `aliases: [${aliasText(old, fresh)}]`;
  const component = needsOwnName ? undefined : outerComponent(fresh, all);
  if (component === undefined) return { urn: fresh.urn, option: aliases, needsOwnName };
  const type = typeInUrn(fresh.urn).split(":").at(-1) ?? "";
  const isThisOne = `type.endsWith(${JSON.stringify(`:${type}`)}) && name === ${JSON.stringify(nameIn(fresh.urn))}`;
  return {
    urn: component,
    option: `transformations: [({ type, name, props, opts }) => ${isThisOne} ? { props, opts: pulumi.mergeOptions(opts, { ${aliases} }) } : undefined]`,
    needsOwnName,
  };
}

const nodeOf = ({ urn, state }: Rename["from"]): Node => ({ urn, parent: state.parent });

/** The outermost renamed component whose alias gives the resources in it the names that the state contains. */
function outermost(old: Node, fresh: Node, all: Steps): [Node, Node] {
  const [before, after] = [all.get(old.parent), all.get(fresh.parent)];
  const isRenamed =
    before?.op === "delete" &&
    after?.op === "create" &&
    typeInUrn(before.urn) === typeInUrn(after.urn) &&
    // An alias of the component does not change the type of what is in it.
    typeInUrn(old.urn) === typeInUrn(fresh.urn) &&
    nameIn(old.urn) === inheritedName(nameIn(fresh.urn), nameIn(after.urn), nameIn(before.urn));
  if (!isRenamed) return [old, fresh];
  return outermost(nodeIn(before), nodeIn(after), all);
}

const nodeIn = ({ urn, oldState, newState }: Step): Node => ({
  urn,
  parent: (newState ?? oldState)?.parent ?? "",
});

/** Pulumi's rule for the alias of a child whose parent has an alias. */
const inheritedName = (name: string, parent: string, parentsAlias: string): string =>
  name.startsWith(parent) ? `${parentsAlias}${name.slice(parent.length)}` : name;

/** The shortest alias that works. A full URN always works. */
function aliasText(old: Node, fresh: Node): string {
  const name = `name: ${JSON.stringify(nameIn(old.urn))}`;
  const [type, freshType] = [typeInUrn(old.urn), typeInUrn(fresh.urn)];
  // An alias has the type, the name and the parent of its resource, unless it says otherwise.
  const types = type === freshType ? [] : [`type: ${JSON.stringify(type)}`];
  if (old.parent === fresh.parent) {
    const names = nameIn(old.urn) === nameIn(fresh.urn) ? [] : [name];
    return `{ ${[...names, ...types].join(", ")} }`;
  }
  return typeInUrn(old.parent) === "pulumi:pulumi:Stack"
    ? `{ ${[name, ...types, "parent: pulumi.rootStackResource"].join(", ")} }`
    : JSON.stringify(old.urn);
}

/**
 * The outermost of the package's components that contains this resource. A program can't pass options to the single
 * resources of such a component.
 */
function outerComponent({ parent }: Node, all: Steps): string | undefined {
  if (!isOurComponent(typeInUrn(parent))) return undefined;
  const step = all.get(parent);
  return (step && outerComponent(nodeIn(step), all)) ?? parent;
}
