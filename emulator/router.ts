import type { Call } from "./call";

/** What a handler did; the status of each is an open question of its own. */
export interface Answer {
  outcome: "ok" | "created" | "deleted";
  body: unknown;
}

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

export interface Route extends Served {
  handle: (call: Call) => Answer;
}

/**
 * A call of the API, its path written as Google's API guide does: `projects/{project}/members/{member}:getInviteUrl`.
 * A parameter holds neither slash nor colon, so a verb is never taken for a part of an id.
 */
export function route<Template extends string>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  template: Template,
  handle: (call: Call<ParamsOf<Template>>) => Answer,
): Route {
  return { method, pattern: patternOf(template), handle: handle as Route["handle"] };
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
  { kind: "route"; route: R; params: Record<string, string> } | { kind: "otherMethod" } | { kind: "none" };

/** The first route of a method and a path. */
export function findRoute<R extends Served>(routes: readonly R[], method: string, path: string): Found<R> {
  let otherMethod = false;
  for (const candidate of routes) {
    const match = candidate.pattern.exec(path);
    if (match && candidate.method === method)
      return { kind: "route", route: candidate, params: decoded(match.groups ?? {}) };
    otherMethod ||= match !== null;
  }
  return { kind: otherMethod ? "otherMethod" : "none" };
}

function decoded(params: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [name, decode(text)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
