import { isExpired } from "../../cloud/invitations";
import type { Member } from "../../cloud/resources";
import type { Call } from "../call";

/** Adds undocumented fields to a response body if `extraFields` is set. */
export function withExtraFields(call: Call<unknown>, body: object): object {
  return call.cloud.unknowns.extraFields ? { ...body, etag: 'W/"1"', annotations: { origin: null } } : body;
}

export const memberFields = ["name", "displayName", "roles", "status", "email", "accountType", "createTime"];

/** The response body of a member. */
export function memberBody(call: Call<unknown>, member: Member): object {
  const { memberCreateTime, memberEnumValues, memberEmailReturned, expiredInvitation } = call.cloud.unknowns;
  const time = { real: member.createTime, null: null, "1970": "1970-01-01T00:00:00.000000Z" };
  const expired = expiredInvitation === "EXPIRED" && isExpired(call.cloud, member);
  const usesNewValues = memberEnumValues === "new";
  return withExtraFields(call, {
    ...member,
    email: memberEmailReturned === "lowerCase" ? member.email.toLowerCase() : member.email,
    status: expired ? "EXPIRED" : usesNewValues && member.status === "ACCEPTED" ? "ACTIVE" : member.status,
    accountType: usesNewValues && member.accountType === "USER" ? "PERSON" : member.accountType,
    createTime: time[memberCreateTime],
  });
}
