import { type BaseIssue, type BaseSchema, safeParse } from "valibot";
import { type Caller, hasPermission, requirePermission } from "../auth/permissions";
import { ApiError } from "../cloud/apiError";
import type { CloudState } from "../cloud/cloudState";
import { isPropagating } from "../cloud/propagation";
import { ok, type Outcome } from "./outcome";
import { type PagedList, paginate } from "./paging";

/** One authenticated call of the API, with the helpers that handlers need. */
export class Call<Params = Record<string, string>> {
  constructor(
    readonly params: Params,
    readonly query: URLSearchParams,
    readonly body: unknown,
    readonly caller: Caller,
    readonly cloud: CloudState,
  ) {}

  /** Validates the body. @throws {ApiError} 400 naming the field */
  parseBody<Output>(schema: BaseSchema<unknown, Output, BaseIssue<unknown>>): Output {
    const result = safeParse(schema, this.body ?? {});
    if (result.success) return result.output;
    const [issue] = result.issues;
    const field = issue.path?.map(({ key }) => String(key)).join(".") ?? "body";
    throw new ApiError(400, `invalid ${field}`);
  }

  /** @throws {ApiError} 403 or 404 */
  requirePermission(permission: string, scope: string): void {
    requirePermission(permission, scope, this.caller, this.cloud);
  }

  /** Whether the caller has a permission in this scope. */
  hasPermission(permission: string, scope: string): boolean {
    return hasPermission(permission, scope, this.caller, this.cloud);
  }

  /** Gets a resource by name. @throws {ApiError} 404, also while it is too new to be visible */
  getVisible<Kind extends "projects" | "accounts" | "keys" | "members">(
    kind: Kind,
    name: string,
  ): NonNullable<ReturnType<CloudState[Kind]["get"]>> {
    const item = this.cloud[kind].get(name) as NonNullable<ReturnType<CloudState[Kind]["get"]>> | undefined;
    if (!item || isPropagating(this.cloud, kind, item)) throw new ApiError(404, "not found");
    return item;
  }

  /** The items that lists already show. */
  visibleInLists<Kind extends "projects" | "accounts" | "keys" | "members">(
    kind: Kind,
    items: NonNullable<ReturnType<CloudState[Kind]["get"]>>[],
  ): typeof items {
    if (!this.cloud.unknowns.propagationInLists) return items;
    return items.filter((item) => !isPropagating(this.cloud, kind, item));
  }

  /** Answers with a page of a list: `{ <plural>: [...], nextPageToken }`. */
  page<T extends { name: string }>(
    plural: string,
    items: readonly T[],
    list: PagedList<T>,
    body: (item: T) => unknown,
  ): Outcome {
    const { unknowns, clock } = this.cloud;
    const found = paginate(items, list, this.query, unknowns, clock);
    return ok({ [plural]: found.items.map(body), nextPageToken: found.nextPageToken });
  }
}
