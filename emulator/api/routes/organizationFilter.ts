import { ApiError } from "../../cloud/apiError";
import type { Call } from "../call";

/** The full name of the organization to filter by; undefined without a filter. @throws {ApiError} 400 */
export function organizationFilter(call: Call<unknown>): string | undefined {
  const text = call.query.get("organization");
  if (!text) return undefined;
  if (text.startsWith("organizations/")) return text;
  if (call.cloud.unknowns.bareOrganizationFilter === "400") throw new ApiError(400, "invalid organization");
  return `organizations/${text}`;
}
