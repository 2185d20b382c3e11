import type { Call } from "./call";
import type { Refusal } from "./refusal";
import type { Unknowns } from "./unknowns";

/** What a handler did; the status of each is an open question of its own. */
export type Answer =
  | { outcome: "ok" | "created" | "deleted"; body: unknown }
  /** Refused, although some of it was done. A handler that throws has done nothing. */
  | { outcome: "partly"; refusal: Refusal };

export const ok = (body: unknown): Answer => ({ outcome: "ok", body });
export const created = (body: unknown): Answer => ({ outcome: "created", body });
export const deleted = (): Answer => ({ outcome: "deleted", body: {} });

/** The names in a template's braces, as an object of strings. */
export type ParamsOf<Template extends string> = Record<NamesIn<Template>, string>;

type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Bare}=**` ? Bare : Name) | NamesIn<Rest>
  : never;

export interface Served {
  method: string;
  pattern: RegExp;
}

/** The status of a call that is not served under these answers; undefined where it is. It answers before all else. */
export type Unserved = (unknowns: Unknowns) => number | undefined;

export interface Route extends Served {
  handle: (call: Call) => Answer;
  unserved: Unserved;
}

/**
 * A call of the API, its path written as Google's API guide does: `projects/{project}/members/{member}:getInviteUrl`.
 * A parameter holds neither slash nor colon, so a verb is never taken for a part of an id.
 */
export function route<Template extends string>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  template: Template,
  handle: (call: Call<ParamsOf<Template>>) => Answer,
  unserved: Unserved = () => undefined,
): Route {
  return { method, pattern: patternOf(template), handle: handle as Route["handle"], unserved };
}

/** The paths that fit a template; `{name=**}` fits slashes, too. */
export function patternOf(template: string): RegExp {
  const pattern = template
    .replace(/[.+?^$()|[\]\\]/g, "\\$&")
    .replace(/\{(\w+)\}/g, (_braces, name: string) => `(?<${name}>[^/:]+)`)
    .replace(/\{(\w+)=\*\*\}/g, (_braces, name: string) => `(?<${name}>.+)`);
  return new RegExp(`^${pattern}$`);
}

export type Found<R> =
  | { kind: "route"; route: R; params: Record<string, string> }
  /** The path is served, but by these methods only. */
  | { kind: "otherMethod"; methods: string[] }
  | { kind: "none" };

/** The first route of a method and a path. @throws {URIError} where the path's percent-encoding is malformed */
export function findRoute<R extends Served>(routes: readonly R[], method: string, path: string): Found<R> {
  const methods = new Set<string>();
  for (const candidate of routes) {
    const match = candidate.pattern.exec(path);
    if (!match) continue;
    if (candidate.method === method)
      return { kind: "route", route: candidate, params: decoded(match.groups ?? {}) };
    methods.add(candidate.method);
  }
  return methods.size > 0 ? { kind: "otherMethod", methods: [...methods] } : { kind: "none" };
}

const decoded = (params: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, text]) => [name, decodeURIComponent(text)]));
