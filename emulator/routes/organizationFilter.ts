import type { Call } from "../call";
import { Refusal } from "../refusal";

/** The organization that a list is to be of, as its full name; undefined for all. @throws {Refusal} 400 */
export function organizationFilter(call: Call<unknown>): string | undefined {
  const text = call.query.get("organization");
  if (!text) return undefined;
  if (text.startsWith("organizations/")) return text;
  if (call.world.unknowns.bareOrganizationFilter === "400") throw new Refusal(400, "invalid organization");
  return `organizations/${text}`;
}
