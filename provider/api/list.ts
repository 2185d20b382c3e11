import * as v from "valibot";
import { as, type Api } from "./client.js";
import { ApiError } from "./errors.js";

const pageSize = 100;

/**
 * Reads every page of a list, in the API's order.
 *
 * @param field the array's key in a page, such as `serviceAccounts`.
 * @throws ApiError when any page can't be read, or when the pages do not end: a list is whole or it is an error.
 */
export async function listAll<const S extends v.GenericSchema>(
  api: Api,
  path: string,
  field: string,
  item: S,
  searchParams: Record<string, string> = {},
): Promise<v.InferOutput<S>[]> {
  const Page = v.objectWithRest({ nextPageToken: v.nullish(v.string(), "") }, v.unknown());
  const Items = v.object({ [field]: v.array(item) });
  const items: v.InferOutput<S>[] = [];
  const seen = new Set<string>();
  let pageToken = "";
  do {
    const query = { ...searchParams, pageSize, ...(pageToken === "" ? {} : { pageToken }) };
    const response = await api.get(path, { searchParams: query });
    const page = as(Page)(response);
    items.push(...(as(Items)(response)[field] ?? []));
    pageToken = page.nextPageToken;
    if (seen.has(pageToken)) {
      throw new ApiError({
        method: "GET",
        path,
        reason: "the list's pages do not end: a page token came twice",
        isApiAnswer: true,
      });
    }
    seen.add(pageToken);
  } while (pageToken !== "");
  return items;
}
