import type { ApiError } from "../cloud/apiError";

/** What a handler did. The `unknowns` decide which HTTP status each outcome gets. */
export type Outcome =
  | { kind: "ok" | "created" | "deleted"; body: unknown }
  /** Failed after a part was done. A handler that throws has done nothing. */
  | { kind: "partial"; error: ApiError };

export const ok = (body: unknown): Outcome => ({ kind: "ok", body });
export const created = (body: unknown): Outcome => ({ kind: "created", body });
export const deleted = (): Outcome => ({ kind: "deleted", body: {} });
