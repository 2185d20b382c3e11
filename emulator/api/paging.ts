import * as v from "valibot";
import { ApiError } from "../cloud/apiError";
import type { VirtualClock } from "../cloud/clock";
import type { Unknowns } from "../unknowns/unknowns";

export interface Page<T> {
  items: T[];
  nextPageToken: string;
}

/** The list that a page belongs to. */
export interface PagedList<T> {
  /** Its path: `projects/p/members`. */
  list: string;
  /** The filters in use. A page token is valid only with the same filters. */
  filters?: Readonly<Record<string, string | undefined>>;
  /** The position of an item in creation order; its index by default. */
  positionOf?: (item: T) => number;
}

const cursor = v.object({
  /** Identifies the list, so that the token of another list is refused. */
  list: v.string(),
  /** Sort key of the last item of the page. */
  after: v.union([v.string(), v.number()]),
  issuedMs: v.number(),
});

type Cursor = v.InferOutput<typeof cursor>;

/**
 * Returns one page of a list, by the query's `pageSize` and `pageToken`. The token contains the sort key of the last
 * item, so no item is skipped or repeated if others are created or deleted between two pages.
 * @throws {ApiError} 400 if one of them is invalid
 */
export function paginate<T extends { name: string }>(
  items: readonly T[],
  pagedList: PagedList<T>,
  query: URLSearchParams,
  unknowns: Unknowns,
  clock: VirtualClock,
): Page<T> {
  const size = parsePageSize(query.get("pageSize"), unknowns);
  const nowMs = clock.now().getTime();
  const keyed = items.map((item, index) => ({ item, key: pagedList.positionOf?.(item) ?? index }));
  const sorted = sortItems(keyed, unknowns);
  const list = JSON.stringify([pagedList.list, pagedList.filters ?? {}, unknowns.sortOrder]);
  const last = readCursor(query.get("pageToken"), list, unknowns, nowMs);
  const rest = last ? sorted.filter(({ key }) => key > last.after) : sorted;
  const lastOnPage = rest.length > size ? rest[size - 1] : undefined;
  return {
    items: rest.slice(0, size).map(({ item }) => item),
    nextPageToken: lastOnPage ? writeCursor({ list, after: lastOnPage.key, issuedMs: nowMs }) : "",
  };
}

interface Keyed<T> {
  item: T;
  key: string | number;
}

function sortItems<T extends { name: string }>(
  keyed: { item: T; key: number }[],
  unknowns: Unknowns,
): Keyed<T>[] {
  switch (unknowns.sortOrder) {
    case "createdAsc":
      return keyed.sort((a, b) => a.key - b.key);
    case "createdDesc":
      return keyed.map(({ item, key }) => ({ item, key: -key })).sort((a, b) => a.key - b.key);
    case "byName":
      return keyed
        .map(({ item }) => ({ item, key: item.name }))
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }
}

const maxPageSize = 100;

function parsePageSize(text: string | null, unknowns: Unknowns): number {
  const size = text === null || text === "" ? 0 : parseWholeNumber(text);
  if (size > maxPageSize && unknowns.pageSizeAbove100 === "400")
    throw new ApiError(400, "pageSize is at most 100");
  return Math.min(size || unknowns.defaultPageSize || maxPageSize, maxPageSize);
}

function parseWholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new ApiError(400, "invalid pageSize");
  return Number(text);
}

const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url");

function readCursor(
  token: string | null,
  list: string,
  unknowns: Unknowns,
  nowMs: number,
): Cursor | undefined {
  if (!token) return undefined;
  const parsed = parseCursor(token);
  if (!parsed) throw new ApiError(400, "invalid pageToken");
  if (parsed.list !== list) {
    if (unknowns.pageTokenOfAnotherList === "ignored") return undefined;
    throw new ApiError(400, "invalid pageToken");
  }
  const lifetime = unknowns.pageTokenLifetimeSeconds;
  if (lifetime > 0 && nowMs - parsed.issuedMs > lifetime * 1000) throw new ApiError(400, "expired pageToken");
  return parsed;
}

function parseCursor(token: string): Cursor | undefined {
  try {
    return v.parse(cursor, JSON.parse(Buffer.from(token, "base64url").toString()));
  } catch {
    return undefined;
  }
}
