import type { Call } from "../call";
import { isExpired } from "../invitations";
import { Refusal } from "../refusal";
import type { Member } from "../things";

/** An object as the API shows it: with a field that nobody described, if the unknowns say so. */
export function extended(call: Call<unknown>, body: object): object {
  return call.world.unknowns.extraFields ? { ...body, etag: 'W/"1"', annotations: { origin: null } } : body;
}

/**
 * The fields of a PATCH that an `update_mask` names; all of them without one.
 *
 * @param fields those that the thing has, also those that cannot be changed
 * @throws {Refusal} 400 where a mask is due, or is not understood
 */
export function masked<Body extends object>(
  call: Call<unknown>,
  body: Body,
  fields: readonly string[],
): Partial<Body> {
  const { updateMaskEmpty, patchUpdateMaskRequired } = call.world.unknowns;
  const mask = call.query.get("updateMask") ?? undefined;
  if (mask === undefined || (mask.trim() === "" && updateMaskEmpty === "allFields")) {
    if (patchUpdateMaskRequired) throw new Refusal(400, "update_mask is missing");
    return body;
  }
  if (mask.trim() === "" && updateMaskEmpty === "400") throw new Refusal(400, "update_mask is empty");
  if (mask.trim() === "*") return body;
  const named = mask.split(",").map((path) => fieldOf(call, path.trim()));
  if (call.world.unknowns.updateMaskUnknownField === "400") {
    const unknown = named.find((field) => field !== "" && !fields.includes(field));
    if (unknown !== undefined) throw new Refusal(400, "update_mask names a field that does not exist");
  }
  return Object.fromEntries(Object.entries(body).filter(([field]) => named.includes(field))) as Partial<Body>;
}

/** The field that a path of a mask means; empty where it means none. */
function fieldOf(call: Call<unknown>, path: string): string {
  const { updateMaskSnakeCase } = call.world.unknowns;
  if (!path.includes("_") || updateMaskSnakeCase === "ignored") return path.includes("_") ? "" : path;
  if (updateMaskSnakeCase === "400") throw new Refusal(400, "update_mask is in snake_case");
  return path.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

export const memberFields = ["name", "displayName", "roles", "status", "email", "accountType", "createTime"];

/** A member as the API shows it. */
export function memberBody(call: Call<unknown>, member: Member): object {
  const { memberCreateTime, memberEnumValues, memberEmailReturned, expiredInvitation } = call.world.unknowns;
  const time = { real: member.createTime, null: null, "1970": "1970-01-01T00:00:00.000000Z" };
  const expired = expiredInvitation === "EXPIRED" && isExpired(call.world, member);
  const fresh = memberEnumValues === "new";
  return extended(call, {
    ...member,
    email: memberEmailReturned === "lowerCase" ? member.email.toLowerCase() : member.email,
    status: expired ? "EXPIRED" : fresh && member.status === "ACCEPTED" ? "ACTIVE" : member.status,
    accountType: fresh && member.accountType === "USER" ? "PERSON" : member.accountType,
    createTime: time[memberCreateTime],
  });
}
