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
  const answers = await singleFlight(api, JSON.stringify([path, query]), async (onSend) => {
    const all: Answer[] = [];
    for await (const answer of answersOf(api, { path, query }, onSend)) all.push(answer);
    return all;
  });
  // The callers share the answers, and each reads its own fields of them.
  return answers.flatMap((answer) => itemsIn(answer, field, item));
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
  for await (const answer of answersOf(api, { path, query }, onSend))
    yield { items: itemsIn(answer, field, item), isLast: tokenIn(answer) === "" };
}

type Answer = Parameters<ReturnType<typeof parseAs>>[0];

async function* answersOf(
  api: Api,
  { path, query = {} }: Pick<ListOf<v.GenericSchema>, "path" | "query">,
  onSend: () => void,
): AsyncGenerator<Answer, void> {
  const seen = new Set<string>();
  let pageToken = "";
  do {
    const searchParams = { ...query, pageSize, ...(pageToken === "" ? {} : { pageToken }) };
    const answer = await api.get(path, { searchParams, context: { onSend } });
    pageToken = tokenIn(answer);
    if (seen.has(pageToken)) {
      throw new ApiError({
        method: "GET",
        path,
        reason: "the list has no end: the same page token came twice",
        isApiAnswer: true,
      });
    }
    seen.add(pageToken);
    yield answer;
  } while (pageToken !== "");
}

const readToken = parseAs(v.objectWithRest({ nextPageToken: v.nullish(v.string(), "") }, v.unknown()));
const tokenIn = (answer: Answer): string => readToken(answer).nextPageToken;

const itemsIn = <S extends v.GenericSchema>(answer: Answer, field: string, item: S): v.InferOutput<S>[] =>
  parseAs(v.object({ [field]: v.array(item) }))(answer)[field] ?? [];
