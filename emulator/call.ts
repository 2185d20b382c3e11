import { type BaseIssue, type BaseSchema, safeParse } from "valibot";
import { type ListOf, page } from "./paging";
import { type Caller, holds, requirePermission } from "./permissions";
import { isSettling } from "./propagation";
import { Refusal } from "./refusal";
import { type Answer, ok } from "./router";
import type { World } from "./world";

/** One authenticated call of the API, and what handlers ask of it. */
export class Call<Params = Record<string, string>> {
  constructor(
    readonly params: Params,
    readonly query: URLSearchParams,
    readonly body: unknown,
    readonly caller: Caller,
    readonly world: World,
  ) {}

  /** The body, checked. @throws {Refusal} 400 naming the field */
  read<Output>(schema: BaseSchema<unknown, Output, BaseIssue<unknown>>): Output {
    const result = safeParse(schema, this.body ?? {});
    if (result.success) return result.output;
    const [issue] = result.issues;
    const field = issue.path?.map(({ key }) => String(key)).join(".") ?? "body";
    throw new Refusal(400, `invalid ${field}`);
  }

  /** @throws {Refusal} 403 or 404 */
  require(permission: string, scope: string): void {
    requirePermission(permission, scope, this.caller, this.world);
  }

  /** Whether the caller may do this there. */
  holds(permission: string, scope: string): boolean {
    return holds(permission, scope, this.caller, this.world);
  }

  /** A thing by its name. @throws {Refusal} 404, also while it is too new to be seen */
  find<Kind extends "projects" | "accounts" | "keys" | "members">(
    kind: Kind,
    name: string,
  ): NonNullable<ReturnType<World[Kind]["get"]>> {
    const item = this.world[kind].get(name) as NonNullable<ReturnType<World[Kind]["get"]>> | undefined;
    if (!item || isSettling(this.world, kind, item)) throw new Refusal(404, "not found");
    return item;
  }

  /** Those that lists show by now. */
  listed<Kind extends "projects" | "accounts" | "keys" | "members">(
    kind: Kind,
    items: NonNullable<ReturnType<World[Kind]["get"]>>[],
  ): typeof items {
    if (!this.world.unknowns.propagationInLists) return items;
    return items.filter((item) => !isSettling(this.world, kind, item));
  }

  /** A page of a list: `{ <plural>: [...], nextPageToken }`. */
  page<T extends { name: string }>(
    plural: string,
    items: readonly T[],
    of: ListOf<T>,
    body: (item: T) => unknown,
  ): Answer {
    const { unknowns, clock } = this.world;
    const found = page(items, of, this.query, unknowns, clock);
    return ok({ [plural]: found.items.map(body), nextPageToken: found.nextPageToken });
  }
}
