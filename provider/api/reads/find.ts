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
 * Reads an object, or proves that it is gone. The proof is a 404 on it, while the list that would contain it can be
 * read and does not show it. A 404 alone may also mean a lost permission or a broken path, and must never look like a
 * deletion.
 *
 * Concurrent reads are answered from lists. An object that no list shows is requested by itself.
 *
 * @returns the body, or undefined if the object is gone.
 * @throws ApiError if the object can't be read, or if its absence can't be proven.
 */
export async function find<const S extends v.GenericSchema<unknown, { name: string }>>(
  api: Api,
  name: string,
  schema: S,
): Promise<v.InferOutput<S> | undefined> {
  if (isInGoneProject(api, name)) return undefined;
  const coalescer = coalescerOf(api);
  return coalescer.during(async (since) => {
    const listed = v.safeParse(schema, await coalescer.lookFor({ name, since }));
    if (listed.success) return listed.output;
    try {
      return await api.get(name).then(parseAsNamed(name, schema));
    } catch (error) {
      await assertGone(api, name, error);
      return undefined;
    }
  });
}

/** Deletes an object. Succeeds if the object is proven to be gone already. @returns whether it was there */
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

/** @throws the error itself, or one that explains it, unless it proves that the object is gone */
export async function assertGone(api: Api, name: string, error: unknown): Promise<void> {
  if (isNotFound(error) && (await isProvenGone(api, name, error))) return;
  const project = projectIn(name);
  // The API may also answer 403 for a project that does not exist.
  if (hasStatus(error, 403) && project !== undefined && (await isUnlisted(api, project).catch(() => false)))
    throw unseen(api, project, error);
  throw error;
}

/**
 * Whether a 404 on `name` means that the object is gone. It is gone if the list that contained it can be read to its
 * end and lacks it, which may take some seconds. A parent that can be read proves less: more accounts may be able to
 * read it than its lists. If a project is gone, everything in it is gone.
 *
 * @throws ApiError with an explanation if this can't be determined.
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

/** The name of the array in a list's answer, by the last part of the list's path. */
const fields: Readonly<Record<string, string>> = {
  members: "members",
  serviceaccounts: "serviceAccounts",
  keys: "keys",
};

/**
 * Runs `work`. On a 404 in a project or an organization, checks whether the path has a display name in place of the id.
 * If so, the error suggests the project or organization of that name.
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
  // If the list can't be read, the error only lacks the hint.
  const all = await listAll(api, collection, collection, Titled).catch(() => []);
  const meant = all.filter(({ displayName }) => displayName.toLowerCase() === id.toLowerCase());
  const names = meant.map(({ name, displayName }) => `${name} (${printable(displayName)})`);
  return names.length === 0 ? "" : `; did you mean ${names.slice(0, 3).join(" or ")}?`;
}

const Titled = v.object({ name: v.string(), displayName: v.optional(v.string(), "") });
const unseen = (api: Api, place: string, error: ApiError): UnseenError =>
  new UnseenError(place, String(api.defaults.options.context.identity), error);
