import { parseAs, type Api } from "../../provider/api/http/client.js";
import { ApiError } from "../../provider/api/http/errors.js";
import type * as v from "valibot";
import { isRefusedLogin, type Failure } from "./lists.js";

/** A single object, undefined if it doesn't exist, or why it could not be read. */
export type One<Body> = { readonly body: Body | undefined } | { readonly failure: Failure };

/**
 * Reads an object that a list lacks, because a list can be out of date. Its parent was just read, so a 404 proves that
 * it is deleted.
 *
 * @returns the body, if the object exists after all
 */
export async function lookAgain<const S extends v.GenericSchema>(
  api: Api,
  name: string,
  schema: S,
): Promise<One<v.InferOutput<S>>> {
  try {
    return { body: await api.get(name).then(parseAs(schema)) };
  } catch (error) {
    if (!(error instanceof ApiError) || isRefusedLogin(error)) throw error;
    if (error.status === 404 && error.isApiAnswer) return { body: undefined };
    return { failure: { reason: error.message, isRefusal: error.status === 403 } };
  }
}
