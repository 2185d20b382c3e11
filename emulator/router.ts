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
export type ParamsOf<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Record<Name, string> & ParamsOf<Rest>
  : Record<never, never>;

export interface Route {
  method: string;
  pattern: RegExp;
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
  const pattern = template
    .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replace(/\{(\w+)\}/g, (_braces, name: string) => `(?<${name}>[^/:]+)`);
  return { method, pattern: new RegExp(`^${pattern}$`), handle: handle as Route["handle"] };
}

export type Found =
  | { kind: "route"; route: Route; params: Record<string, string> }
  | { kind: "otherMethod" }
  | { kind: "none" };

/** The first route of a method and a path below `/v2/`. */
export function findRoute(routes: readonly Route[], method: string, path: string): Found {
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
