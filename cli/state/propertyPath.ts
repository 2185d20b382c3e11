/** A path to a property as Pulumi writes it, such as `role`, `*`, `members[0]` or `a["b"].c`: its keys, where `*` is any key. */
export type PropertyPath = readonly (string | number)[];

/** Reads a path by Pulumi's own rules; undefined where it is none, which Pulumi passes over. */
export function parsePropertyPath(text: string): PropertyPath | undefined {
  const keys: (string | number)[] = [];
  let rest = text;
  if (rest.startsWith(".")) return undefined;
  while (rest !== "") {
    const part = /^\[("(?:\\"|[^"])*"|\*|\d+)\]|^\.?([^.[]+)/.exec(rest.replace(/^\.(?=\[)/, ""));
    if (part === null) return undefined;
    const [, index, name] = part;
    if (name !== undefined) keys.push(name);
    else if (index?.startsWith('"')) keys.push(index.slice(1, -1).replaceAll('\\"', '"'));
    else keys.push(index === "*" || index === undefined ? "*" : Number(index));
    rest = rest.replace(/^\.(?=\[)/, "").slice(part[0].length);
  }
  return keys;
}

/** Whether a change of this property is ignored: a path is the property's own, or that of something that holds it. */
export const isIgnored = (paths: readonly PropertyPath[], ...property: PropertyPath): boolean =>
  paths.some(
    (path) =>
      path.length > 0 &&
      path.length <= property.length &&
      path.every((key, place) => key === "*" || key === property[place]),
  );
