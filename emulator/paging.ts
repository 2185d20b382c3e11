import { Refusal } from "./refusal";
import type { Unknowns } from "./unknowns";
import type { VirtualClock } from "./clock";

export interface Page<T> {
  items: T[];
  nextPageToken: string;
}

interface Cursor {
  /** What the list was of, so that a token of another is noticed. */
  list: string;
  /** Sort key of the last item given. */
  after: string | number;
  issuedMs: number;
}

/**
 * One page of a list, by the query's pageSize (100 at most and by default) and pageToken. The token remembers the last
 * item, so nothing is skipped or repeated if others come and go between two pages.
 * @throws {Refusal} 400 where either cannot be understood
 */
export function page<T extends { name: string }>(
  items: readonly T[],
  of: { list: string; positionOf?: (item: T) => number },
  query: URLSearchParams,
  unknowns: Unknowns,
  clock: VirtualClock,
): Page<T> {
  const size = pageSize(query.get("pageSize"), unknowns);
  const nowMs = clock.now().getTime();
  const keyed = items.map((item, index) => ({ item, key: of.positionOf?.(item) ?? index }));
  const sorted = inOrder(keyed, unknowns);
  const cursor = readCursor(query.get("pageToken"), of.list, unknowns, nowMs);
  const rest = cursor ? sorted.filter(({ key }) => key > cursor.after) : sorted;
  const last = rest.length > size ? rest[size - 1] : undefined;
  return {
    items: rest.slice(0, size).map(({ item }) => item),
    nextPageToken: last ? writeCursor({ list: of.list, after: last.key, issuedMs: nowMs }) : "",
  };
}

interface Keyed<T> {
  item: T;
  key: string | number;
}

function inOrder<T extends { name: string }>(
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

function pageSize(text: string | null, unknowns: Unknowns): number {
  if (text === null || text === "") return 100;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 0) throw new Refusal(400, "invalid pageSize");
  if (size > 100 && unknowns.pageSizeAbove100 === "400") throw new Refusal(400, "pageSize is at most 100");
  return size === 0 ? 100 : Math.min(size, 100);
}

const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url");

function readCursor(
  token: string | null,
  list: string,
  unknowns: Unknowns,
  nowMs: number,
): Cursor | undefined {
  if (!token) return undefined;
  const cursor = parseCursor(token);
  if (!cursor) throw new Refusal(400, "invalid pageToken");
  if (cursor.list !== list) {
    if (unknowns.pageTokenOfAnotherList === "ignored") return undefined;
    throw new Refusal(400, "invalid pageToken");
  }
  const lifetime = unknowns.pageTokenLifetimeSeconds;
  if (lifetime > 0 && nowMs - cursor.issuedMs > lifetime * 1000) throw new Refusal(400, "expired pageToken");
  return cursor;
}

function parseCursor(token: string): Cursor | undefined {
  try {
    const cursor = JSON.parse(Buffer.from(token, "base64url").toString()) as Cursor | null;
    return typeof cursor?.list === "string" ? cursor : undefined;
  } catch {
    return undefined;
  }
}
