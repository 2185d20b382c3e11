import { ApiError } from "../../cloud/apiError";
import type { Call } from "../call";

/** The organization that a list is to be of, as its full name; undefined for all. @throws {ApiError} 400 */
export function organizationFilter(call: Call<unknown>): string | undefined {
  const text = call.query.get("organization");
  if (!text) return undefined;
  if (text.startsWith("organizations/")) return text;
  if (call.cloud.unknowns.bareOrganizationFilter === "400") throw new ApiError(400, "invalid organization");
  return `organizations/${text}`;
}
