import { compileTemplate, type RoutePattern } from "../http/routing";
import type { Unknowns } from "../unknowns/unknowns";
import type { Call } from "./call";
import type { Outcome } from "./outcome";

/** Returns the status that a call answers with if the `unknowns` disable it; undefined if it is served. */
export type DisabledStatus = (unknowns: Unknowns) => number | undefined;

export interface Route extends RoutePattern {
  handle: (call: Call) => Outcome;
  disabledStatus: DisabledStatus;
}

/** The parameter names in a template, as an object of strings. */
type ParamsOf<Template extends string> = Record<NamesIn<Template>, string>;

type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/**
 * A call of the API. Its path is written as in Google's API guide: `projects/{project}/members/{member}:getInviteUrl`.
 * A parameter contains no slash and no colon, so a custom verb is never read as part of an id.
 */
export function route<Template extends string>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  template: Template,
  handle: (call: Call<ParamsOf<Template>>) => Outcome,
  disabledStatus: DisabledStatus = () => undefined,
): Route {
  return { method, pattern: compileTemplate(template), handle: handle as Route["handle"], disabledStatus };
}
