import { ApiError } from "../../cloud/apiError";
import type { Call } from "../call";

/**
 * Returns the fields of a PATCH body that `update_mask` names, or all of them without a mask.
 *
 * @param fields all fields of the resource, including read-only ones
 * @throws {ApiError} 400 if the mask is required or invalid
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

/** The field that a path of the mask names; empty if it names none. */
function fieldOfPath(call: Call<unknown>, path: string): string {
  const { updateMaskSnakeCase } = call.cloud.unknowns;
  if (!path.includes("_") || updateMaskSnakeCase === "ignored") return path.includes("_") ? "" : path;
  if (updateMaskSnakeCase === "400") throw new ApiError(400, "update_mask is in snake_case");
  return path.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
