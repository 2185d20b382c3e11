import * as v from "valibot";
import { as, type Api } from "./client.js";
import { lookoutOf } from "./coalesced.js";
import { ApiError, isNotFound } from "./errors.js";
import { idOf, parentOf } from "./names.js";
import { shared } from "./shared.js";

export { idOf, parentOf };

/**
 * Reads a thing, or proves that it is gone: 404 on it while what holds it answers.
 * A 404 alone may as well be a lost permission or a broken path, and must never look like a deletion.
 * Many that are read at the same time are answered from lists; what no list shows is asked for by itself.
 *
 * @returns the body, or undefined when it is gone.
 * @throws ApiError when it can't be read, or when its absence can't be proven.
 */
export async function find<const S extends v.GenericSchema>(
  api: Api,
  name: string,
  schema: S,
): Promise<v.InferOutput<S> | undefined> {
  const lookout = lookoutOf(api);
  return lookout.during(async (since) => {
    const listed = v.safeParse(schema, await lookout.lookFor({ name, since }));
    if (listed.success) return listed.output;
    try {
      return await api.get(name).then(as(schema));
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

/** Whether a 404 on `name` means that it is gone. Throws, with an explanation, where that can't be known. */
export async function isProvenGone(api: Api, name: string, notFound: ApiError): Promise<boolean> {
  const parent = parentOf(name);
  if (parent === "" || !notFound.isApiAnswer) throw undecided(name, notFound);
  try {
    await shared(api, parent, (onSend) => api.get(parent, { context: { onSend } }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return await isProvenGone(api, parent, error);
  }
  // The parent may have come back between the two calls.
  try {
    await api.get(name);
    return false;
  } catch (error) {
    if (isNotFound(error) && error.isApiAnswer) return true;
    throw error;
  }
}

function undecided(name: string, { method, path, status, reason }: ApiError): ApiError {
  return new ApiError(
    { method, path, status, reason: reason || "not found" },
    `${name} can't be seen with these credentials: either it does not exist, or they have no access to it. Nothing was taken as deleted; if it is really gone, run \`pulumi state delete\` on what depended on it`,
  );
}
