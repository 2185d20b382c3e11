/** The keys in a property path of Pulumi, such as `role`, `*`, `members[0]` or `a["b"].c`. `*` matches any key. */
export type PropertyPath = readonly (string | number)[];

/** Parses a path by Pulumi's rules. Undefined if it is invalid. Pulumi ignores invalid paths. */
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

/** Whether changes of this property are ignored: one of the paths names the property or an object that contains it. */
export const isIgnored = (paths: readonly PropertyPath[], ...property: PropertyPath): boolean =>
  paths.some(
    (path) =>
      path.length > 0 &&
      path.length <= property.length &&
      path.every((key, place) => key === "*" || key === property[place]),
  );
