import { setTimeout } from "node:timers/promises";
import * as v from "valibot";
import { asNamed, type Api } from "./client.js";
import { lookoutOf } from "./coalesced.js";
import { ApiError, isNotFound } from "./errors.js";
import { printable } from "./foreignText.js";
import { idOf, listOf, parentOf } from "./names.js";
import { listAll } from "./list.js";

export { idOf, parentOf };

/**
 * Reads a thing, or proves that it is gone: 404 on it, while the list that it would stand in can be read and does not show it.
 * A 404 alone may as well be a lost permission or a broken path, and must never look like a deletion.
 * Many that are read at the same time are answered from lists; what no list shows is asked for by itself.
 *
 * @returns the body, or undefined when it is gone.
 * @throws ApiError when it can't be read, or when its absence can't be proven.
 */
export async function find<const S extends v.GenericSchema<unknown, { name: string }>>(
  api: Api,
  name: string,
  schema: S,
): Promise<v.InferOutput<S> | undefined> {
  const lookout = lookoutOf(api);
  return lookout.during(async (since) => {
    const listed = v.safeParse(schema, await lookout.lookFor({ name, since }));
    if (listed.success) return listed.output;
    try {
      return await api.get(name).then(asNamed(name, schema));
    } catch (error) {
      if (!isNotFound(error) || !(await isProvenGone(api, name, error))) throw error;
      return undefined;
    }
  });
}

/** Deletes a thing; its proven absence is success. @returns whether it was there */
export async function remove(api: Api, name: string): Promise<boolean> {
  try {
    await api.delete(name);
    return true;
  } catch (error) {
    if (!isNotFound(error) || !(await isProvenGone(api, name, error))) throw error;
    return false;
  }
}

/**
 * Whether a 404 on `name` means that it is gone: then the list that it stood in can be read to its end, and lacks it, which may
 * take the list some seconds. That what holds it can be read proves less: it may be readable to more than its lists are.
 *
 * @throws ApiError with an explanation where it can't be known.
 */
export async function isProvenGone(api: Api, name: string, notFound: ApiError): Promise<boolean> {
  const parent = parentOf(name);
  const list = listOf(name);
  const field = fields[idOf(list)];
  if (parent === "" || field === undefined || !notFound.isApiAnswer) throw undecided(api, name, notFound);
  const isListed = async () => (await listAll(api, list, field, Named)).some((item) => item.name === name);
  try {
    for (const wait of looks) {
      await setTimeout(wait * Number(api.defaults.options.context.retryDelay));
      if (!(await isListed())) return true;
    }
    return false;
  } catch (error) {
    if (!isNotFound(error) || !error.isApiAnswer) throw error;
    return await isProvenGone(api, parent, notFound);
  }
}

/** When to look whether a list still shows what was deleted, in units of the first retry since the last look. */
const looks = [0, 1, 2, 3];

const Named = v.object({ name: v.string() });

/** The array in a list's answer, by the last part of the list's path. */
const fields: Readonly<Record<string, string>> = {
  members: "members",
  serviceaccounts: "serviceAccounts",
  keys: "keys",
};

function undecided(api: Api, name: string, { method, path, status, reason }: ApiError): ApiError {
  const { identity } = api.defaults.options.context;
  return new ApiError(
    { method, path, status, reason: reason || "not found" },
    `${name} can't be seen with these credentials: either it does not exist, or they have no access to it. Nothing was taken as deleted. The credentials are those of ${String(identity)}; \`pulumi-dt whoami\` lists what they can see. If they are the right ones and it is really gone, run \`pulumi state delete\` on what depended on it`,
  );
}

/**
 * Does something; a 404 on what lies in a project or an organization says which one was meant, where its display name stands in the
 * place of its id.
 */
export async function withNearName<T>(api: Api, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isNotFound(error)) error.message += await nearName(api, error.path);
    throw error;
  }
}

async function nearName(api: Api, path: string): Promise<string> {
  const [collection = "", id = ""] = path.split("/");
  if (collection !== "projects" && collection !== "organizations") return "";
  // What can't be read only leaves the hint out.
  const all = await listAll(api, collection, collection, Titled).catch(() => []);
  const meant = all.filter(({ displayName }) => displayName.toLowerCase() === id.toLowerCase());
  const names = meant.map(({ name, displayName }) => `${name} (${printable(displayName)})`);
  return names.length === 0 ? "" : `; did you mean ${names.slice(0, 3).join(" or ")}?`;
}

const Titled = v.object({ name: v.string(), displayName: v.optional(v.string(), "") });
