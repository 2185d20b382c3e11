import * as v from "valibot";
import { ApiError } from "../cloud/apiError";
import type { VirtualClock } from "../cloud/clock";
import type { Unknowns } from "../unknowns/unknowns";

export interface Page<T> {
  items: T[];
  nextPageToken: string;
}

/** Which list a page is of. */
export interface PagedList<T> {
  /** Its path: `projects/p/members`. */
  list: string;
  /** What it is narrowed to; undefined is anything. */
  filters?: Readonly<Record<string, string | undefined>>;
  /** A number that grows with every item; the index by default. */
  positionOf?: (item: T) => number;
}

const cursor = v.object({
  /** What the list was of, so that a token of another is noticed. */
  list: v.string(),
  /** Sort key of the last item given. */
  after: v.union([v.string(), v.number()]),
  issuedMs: v.number(),
});

type Cursor = v.InferOutput<typeof cursor>;

/**
 * One page of a list, by the query's pageSize (100 at most) and pageToken. The token remembers the last
 * item, so nothing is skipped or repeated if others come and go between two pages.
 * @throws {ApiError} 400 where either cannot be understood
 */
export function paginate<T extends { name: string }>(
  items: readonly T[],
  of: PagedList<T>,
  query: URLSearchParams,
  unknowns: Unknowns,
  clock: VirtualClock,
): Page<T> {
  const size = parsePageSize(query.get("pageSize"), unknowns);
  const nowMs = clock.now().getTime();
  const keyed = items.map((item, index) => ({ item, key: of.positionOf?.(item) ?? index }));
  const sorted = sortItems(keyed, unknowns);
  const list = JSON.stringify([of.list, of.filters ?? {}, unknowns.sortOrder]);
  const last = readCursor(query.get("pageToken"), list, unknowns, nowMs);
  const rest = last ? sorted.filter(({ key }) => key > last.after) : sorted;
  const lastHere = rest.length > size ? rest[size - 1] : undefined;
  return {
    items: rest.slice(0, size).map(({ item }) => item),
    nextPageToken: lastHere ? writeCursor({ list, after: lastHere.key, issuedMs: nowMs }) : "",
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

/** The most items of a page. */
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
  const read = parseCursor(token);
  if (!read) throw new ApiError(400, "invalid pageToken");
  if (read.list !== list) {
    if (unknowns.pageTokenOfAnotherList === "ignored") return undefined;
    throw new ApiError(400, "invalid pageToken");
  }
  const lifetime = unknowns.pageTokenLifetimeSeconds;
  if (lifetime > 0 && nowMs - read.issuedMs > lifetime * 1000) throw new ApiError(400, "expired pageToken");
  return read;
}

function parseCursor(token: string): Cursor | undefined {
  try {
    return v.parse(cursor, JSON.parse(Buffer.from(token, "base64url").toString()));
  } catch {
    return undefined;
  }
}
