import * as v from "valibot";
import { parseAs, type Api } from "../http/client.js";
import { ApiError } from "../http/errors.js";
import { singleFlight } from "./singleFlight.js";

const pageSize = 100;

/** A list of the API: its path, the array's key in a page, such as `serviceAccounts`, and the schema of an item. */
export interface ListOf<S extends v.GenericSchema> {
  readonly path: string;
  readonly field: string;
  readonly item: S;
  readonly query?: Readonly<Record<string, string>>;
}

/**
 * Reads every page of a list, in the API's order. Callers that ask for the same list before its first request is sent
 * share it.
 *
 * @throws ApiError if any page can't be read, or if the pages do not end. A list is complete or it is an error.
 */
export async function listAll<const S extends v.GenericSchema>(
  api: Api,
  path: string,
  field: string,
  item: S,
  query: Readonly<Record<string, string>> = {},
): Promise<v.InferOutput<S>[]> {
  const items = await singleFlight(api, JSON.stringify([path, query]), async (onSend) => {
    const all: v.InferOutput<S>[] = [];
    for await (const { items } of pagesOf(api, { path, field, item, query }, onSend)) all.push(...items);
    return all;
  });
  return [...items];
}

export interface Page<Item> {
  readonly items: Item[];
  readonly isLast: boolean;
}

/**
 * The pages of a list. Each page is requested when the caller wants it.
 *
 * @param onSend called when a page is requested
 */
export async function* pagesOf<S extends v.GenericSchema>(
  api: Api,
  { path, field, item, query = {} }: ListOf<S>,
  onSend: () => void,
): AsyncGenerator<Page<v.InferOutput<S>>, void> {
  const Body = v.objectWithRest({ nextPageToken: v.nullish(v.string(), "") }, v.unknown());
  const Items = v.object({ [field]: v.array(item) });
  const seen = new Set<string>();
  let pageToken = "";
  do {
    const searchParams = { ...query, pageSize, ...(pageToken === "" ? {} : { pageToken }) };
    const response = await api.get(path, { searchParams, context: { onSend } });
    pageToken = parseAs(Body)(response).nextPageToken;
    if (seen.has(pageToken)) {
      throw new ApiError({
        method: "GET",
        path,
        reason: "the list has no end: the same page token came twice",
        isApiAnswer: true,
      });
    }
    seen.add(pageToken);
    yield { items: parseAs(Items)(response)[field] ?? [], isLast: pageToken === "" };
  } while (pageToken !== "");
}
