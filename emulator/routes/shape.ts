import type { Call } from "../call";
import { isExpired } from "../invitations";
import { Refusal } from "../refusal";
import type { Member } from "../things";

/** An object as the API shows it: with a field that nobody described, if the unknowns say so. */
export function extended(call: Call<unknown>, body: object): object {
  return call.world.unknowns.extraFields ? { ...body, etag: 'W/"1"', annotations: { origin: null } } : body;
}

/** The fields of a PATCH that an `update_mask` names; all of them without one. @throws {Refusal} 400 if one is due */
export function masked<Body extends object>(call: Call<unknown>, body: Body): Partial<Body> {
  const mask = call.query.get("updateMask");
  if (mask === null) {
    if (call.world.unknowns.patchUpdateMaskRequired) throw new Refusal(400, "update_mask is missing");
    return body;
  }
  const fields = mask.split(",").map((field) => field.trim());
  return Object.fromEntries(
    Object.entries(body).filter(([field]) => fields.includes(field)),
  ) as Partial<Body>;
}

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
