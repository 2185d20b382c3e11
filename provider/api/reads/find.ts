import * as v from "valibot";
import { parseAsNamed, type Api } from "../http/client.js";
import { coalescerOf } from "./coalescer.js";
import { printable } from "../text/foreignText.js";
import { ApiError, hasStatus, isNotFound } from "../http/errors.js";
import { isInGoneProject, isProjectGone, isStillListed, isUnlisted, projectIn } from "./deletedProjects.js";
import { idOf, listOf, parentOf } from "../text/resourceNames.js";
import { listAll } from "./list.js";
import { UnseenError } from "./unseenError.js";

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
  if (isInGoneProject(api, name)) return undefined;
  const lookout = coalescerOf(api);
  return lookout.during(async (since) => {
    const listed = v.safeParse(schema, await lookout.lookFor({ name, since }));
    if (listed.success) return listed.output;
    try {
      return await api.get(name).then(parseAsNamed(name, schema));
    } catch (error) {
      await assertGone(api, name, error);
      return undefined;
    }
  });
}

/** Deletes a thing; its proven absence is success. @returns whether it was there */
export async function remove(api: Api, name: string): Promise<boolean> {
  if (isInGoneProject(api, name)) return false;
  try {
    await api.delete(name);
    return true;
  } catch (error) {
    await assertGone(api, name, error);
    return false;
  }
}

/** @throws the error itself, or one that explains it, unless it proves that the thing is gone */
export async function assertGone(api: Api, name: string, error: unknown): Promise<void> {
  if (isNotFound(error) && (await isProvenGone(api, name, error))) return;
  const project = projectIn(name);
  // The API may also refuse to tell of a project that does not exist.
  if (hasStatus(error, 403) && project !== undefined && (await isUnlisted(api, project).catch(() => false)))
    throw unseen(api, project, error);
  throw error;
}

/**
 * Whether a 404 on `name` means that it is gone: then the list that it stood in can be read to its end, and lacks it, which may
 * take the list some seconds. That what holds it can be read proves less: it may be readable to more than its lists are. With its
 * project, all that is in it is gone.
 *
 * @throws ApiError with an explanation where it can't be known.
 */
export async function isProvenGone(api: Api, name: string, notFound: ApiError): Promise<boolean> {
  if (isInGoneProject(api, name)) return true;
  const parent = parentOf(name);
  const list = listOf(name);
  const field = fields[idOf(list)];
  if (!notFound.isApiAnswer) throw unseen(api, name, notFound);
  if (parent === "" || field === undefined) {
    if (projectIn(name) === name && (await isProjectGone(api, name))) return true;
    throw unseen(api, name, notFound);
  }
  try {
    const names = async () => (await listAll(api, list, field, Named)).map((item) => item.name);
    return !(await isStillListed(api, async () => (await names()).includes(name)));
  } catch (error) {
    if (!isNotFound(error) || !error.isApiAnswer) throw error;
    return await isProvenGone(api, parent, notFound);
  }
}

const Named = v.object({ name: v.string() });

/** The array in a list's answer, by the last part of the list's path. */
const fields: Readonly<Record<string, string>> = {
  members: "members",
  serviceaccounts: "serviceAccounts",
  keys: "keys",
};

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
const unseen = (api: Api, place: string, error: ApiError): UnseenError =>
  new UnseenError(place, String(api.defaults.options.context.identity), error);
