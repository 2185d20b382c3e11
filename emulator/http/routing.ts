/** A method and the paths it serves. */
export interface RoutePattern {
  method: string;
  pattern: RegExp;
}

/** Compiles a path template. `{name}` matches a segment without a colon, `{name=**}` also matches slashes. */
export function compileTemplate(template: string): RegExp {
  const pattern = template
    .replace(/[.+?^$()|[\]\\]/g, "\\$&")
    .replace(/\{(\w+)\}/g, (_braces, name: string) => `(?<${name}>[^/:]+)`)
    .replace(/\{(\w+)=\*\*\}/g, (_braces, name: string) => `(?<${name}>.+)`);
  return new RegExp(`^${pattern}$`);
}

export type RouteMatch<R> =
  | { kind: "route"; route: R; params: Record<string, string> }
  /** The path exists, but only with these methods. */
  | { kind: "otherMethod"; methods: string[] }
  | { kind: "none" };

/** Finds the first route that matches. @throws {URIError} if the path has malformed percent-encoding */
export function matchRoute<R extends RoutePattern>(
  routes: readonly R[],
  method: string,
  path: string,
): RouteMatch<R> {
  const methods = new Set<string>();
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (!match) continue;
    if (route.method === method) return { kind: "route", route, params: decodeAll(match.groups ?? {}) };
    methods.add(route.method);
  }
  return methods.size > 0 ? { kind: "otherMethod", methods: [...methods] } : { kind: "none" };
}

const decodeAll = (params: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, text]) => [name, decodeURIComponent(text)]));
