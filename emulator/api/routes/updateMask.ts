import { ApiError } from "../../cloud/apiError";
import type { Call } from "../call";

/**
 * The fields of a PATCH that an `update_mask` names; all of them without one.
 *
 * @param fields those that the thing has, also those that cannot be changed
 * @throws {ApiError} 400 where a mask is due, or is not understood
 */
export function applyUpdateMask<Body extends object>(
  call: Call<unknown>,
  body: Body,
  fields: readonly string[],
): Partial<Body> {
  const { updateMaskEmpty, patchUpdateMaskRequired } = call.cloud.unknowns;
  const mask = call.query.get("updateMask") ?? undefined;
  if (mask === undefined || (mask.trim() === "" && updateMaskEmpty === "allFields")) {
    if (patchUpdateMaskRequired) throw new ApiError(400, "update_mask is missing");
    return body;
  }
  if (mask.trim() === "" && updateMaskEmpty === "400") throw new ApiError(400, "update_mask is empty");
  if (mask.trim() === "*") return body;
  const named = mask.split(",").map((path) => fieldOfPath(call, path.trim()));
  if (call.cloud.unknowns.updateMaskUnknownField === "400") {
    const unknown = named.find((field) => field !== "" && !fields.includes(field));
    if (unknown !== undefined) throw new ApiError(400, "update_mask names a field that does not exist");
  }
  return Object.fromEntries(Object.entries(body).filter(([field]) => named.includes(field))) as Partial<Body>;
}

/** The field that a path of a mask means; empty where it means none. */
function fieldOfPath(call: Call<unknown>, path: string): string {
  const { updateMaskSnakeCase } = call.cloud.unknowns;
  if (!path.includes("_") || updateMaskSnakeCase === "ignored") return path.includes("_") ? "" : path;
  if (updateMaskSnakeCase === "400") throw new ApiError(400, "update_mask is in snake_case");
  return path.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
