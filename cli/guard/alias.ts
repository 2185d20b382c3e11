import { nameOf, type Step } from "./plan.js";
import type { Rename } from "./renames.js";

/** Which option of which resource tells Pulumi that a thing has another name now. */
export interface Alias {
  /** URN of the resource or the component that takes the option. */
  readonly urn: string;
  /** TypeScript: `aliases: […]`, or `transformations: […]` for what a component of ours creates. */
  readonly option: string;
  /** Both names are in use in the program, so that the thing needs a third one. */
  readonly needsOwnName: boolean;
}

/** A plan's steps, by URN. */
export type Steps = ReadonlyMap<string, Step>;

/** A resource as a program declares it, or as it did before. */
interface Node {
  readonly urn: string;
  readonly parent: string;
}

/** Says how to keep what was renamed. One alias on a component that was renamed serves all that is in it. */
export function aliasFor({ from, to }: Pick<Rename, "from" | "to">, all: Steps): Alias {
  // The state's own name of a resource comes before an alias; a name that the program still uses can be none.
  const needsOwnName = from.op !== "delete" || to.op !== "create";
  const [old, fresh] = needsOwnName ? [nodeOf(from), nodeOf(to)] : outermost(nodeOf(from), nodeOf(to), all);
  const aliases = `aliases: [${aliasText(old, fresh)}]`;
  const component = needsOwnName ? undefined : outerComponent(fresh, all);
  if (component === undefined) return { urn: fresh.urn, option: aliases, needsOwnName };
  const type = typeIn(fresh.urn).split(":").at(-1) ?? "";
  const isThisOne = `type.endsWith(${JSON.stringify(`:${type}`)}) && name === ${JSON.stringify(nameOf(fresh.urn))}`;
  return {
    urn: component,
    option: `transformations: [({ type, name, props, opts }) => ${isThisOne} ? { props, opts: pulumi.mergeOptions(opts, { ${aliases} }) } : undefined]`,
    needsOwnName,
  };
}

const nodeOf = ({ urn, state }: Rename["from"]): Node => ({ urn, parent: state.parent });

/** The outermost component that was renamed, as long as its alias gives what is in it the names that the state has. */
function outermost(old: Node, fresh: Node, all: Steps): [Node, Node] {
  const [before, after] = [all.get(old.parent), all.get(fresh.parent)];
  const isRenamed =
    before?.op === "delete" &&
    after?.op === "create" &&
    typeIn(before.urn) === typeIn(after.urn) &&
    nameOf(old.urn) === inheritedName(nameOf(fresh.urn), nameOf(after.urn), nameOf(before.urn));
  if (!isRenamed) return [old, fresh];
  return outermost(nodeIn(before), nodeIn(after), all);
}

const nodeIn = ({ urn, oldState, newState }: Step): Node => ({
  urn,
  parent: (newState ?? oldState)?.parent ?? "",
});

/** Pulumi's rule for a child's alias where its parent has one. */
const inheritedName = (name: string, parent: string, parentsAlias: string): string =>
  name.startsWith(parent) ? `${parentsAlias}${name.slice(parent.length)}` : name;

/** As short as it can be said. A full URN is right everywhere. */
function aliasText(old: Node, fresh: Node): string {
  const name = JSON.stringify(nameOf(old.urn));
  if (old.parent === fresh.parent) return `{ name: ${name} }`;
  return typeIn(old.parent) === "pulumi:pulumi:Stack"
    ? `{ name: ${name}, parent: pulumi.rootStackResource }`
    : JSON.stringify(old.urn);
}

/** The component of ours that creates this, seen from outside of this package: its resources take no options one by one. */
function outerComponent({ parent }: Node, all: Steps): string | undefined {
  if (!typeIn(parent).startsWith("dt:index:")) return undefined;
  const step = all.get(parent);
  return (step && outerComponent(nodeIn(step), all)) ?? parent;
}

/** The type of a resource, without those of its parents. */
const typeIn = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
