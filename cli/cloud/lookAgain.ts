import { parseAs, type Api } from "../../provider/api/http/client.js";
import { ApiError } from "../../provider/api/http/errors.js";
import type * as v from "valibot";
import { isRefusedLogin, type Failure } from "./lists.js";

/** A single thing as it was read. */
export type One<Body> = { readonly body: Body | undefined } | { readonly failure: Failure };

/**
 * Makes sure that something is gone which a list lacks: lists may lag behind. Its parent was read a moment ago, so a 404 proves it.
 *
 * @returns the body where it is there after all
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
