import * as v from "valibot";
import { ApiError } from "../../cloud/apiError";
import { hasVanished, sendInvitation } from "../../cloud/invitations";
import { addMember } from "../../cloud/members";
import type { Member } from "../../cloud/resources";
import { emailAddress, message } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { created, deleted, ok } from "../outcome";
import { route } from "../route";
import { inheritedMembers, memberPage } from "./memberLists";
import { acceptedRoles, refuseForeign, refuseLastAdmin } from "./memberRules";
import { memberBody, memberFields } from "./responseBodies";
import { masked } from "./updateMask";

const roleList = v.array(v.string());
const newMember = message({ email: emailAddress, roles: v.optional(roleList, []) });
const memberChanges = message({ roles: v.optional(roleList) });

const projectOf = (call: Call<{ project: string }>): string => `projects/${call.params.project}`;
const organizationOf = (call: Call<{ organization: string }>): string =>
  `organizations/${call.params.organization}`;

/** Members of a project: all five verbs, and the invitation's address. */
export const projectMemberRoutes = [
  route("GET", "projects/{project}/members", (call) => list(call, projectOf(call))),
  route("POST", "projects/{project}/members", (call) => add(call, projectOf(call))),
  route("GET", "projects/{project}/members/{member}:getInviteUrl", (call) =>
    inviteUrl(call, projectOf(call), call.params.member),
  ),
  route("GET", "projects/{project}/members/{member}", (call) =>
    ok(memberBody(call, reach(call, projectOf(call), call.params.member, "membership.read"))),
  ),
  route("PATCH", "projects/{project}/members/{member}", (call) => {
    const { roles } = masked(call, call.read(memberChanges), memberFields);
    const scope = projectOf(call);
    const member = reach(call, scope, call.params.member, "membership.update");
    if (!roles) return ok(memberBody(call, member));
    const accepted = acceptedRoles(call, scope, roles);
    refuseInherited(call, member);
    refuseLastAdmin(call.cloud, member, accepted);
    return ok(memberBody(call, call.cloud.members.update(member, { roles: accepted })));
  }),
  route("DELETE", "projects/{project}/members/{member}", (call) =>
    remove(call, projectOf(call), call.params.member),
  ),
];

/** Members of an organization: the same without PATCH, which is not served. */
export const organizationMemberRoutes = [
  route("GET", "organizations/{organization}/members", (call) => list(call, organizationOf(call))),
  route("POST", "organizations/{organization}/members", (call) => add(call, organizationOf(call))),
  route("GET", "organizations/{organization}/members/{member}:getInviteUrl", (call) =>
    inviteUrl(call, organizationOf(call), call.params.member),
  ),
  route("GET", "organizations/{organization}/members/{member}", (call) =>
    ok(memberBody(call, reach(call, organizationOf(call), call.params.member, "membership.read"))),
  ),
  route("DELETE", "organizations/{organization}/members/{member}", (call) =>
    remove(call, organizationOf(call), call.params.member),
  ),
];

function list(call: Call<unknown>, scope: string): ReturnType<Call["page"]> {
  call.require("membership.read", scope);
  const email = filterByEmail(call, call.cloud.unknowns.projectMemberFilter);
  const meant = (member: Member): boolean => email === undefined || member.email.toLowerCase() === email;
  const own = call.cloud.members.list(scope).filter(meant);
  const inherited = inheritedMembers(call, scope, "projects").filter(({ member }) => meant(member));
  return memberPage(call, { list: `${scope}/members`, filters: { email } }, own, inherited);
}

/** The email to filter by, where the cloud has such a filter; lower case. */
export function filterByEmail(call: Call<unknown>, filter: "ignored" | "works" | "400"): string | undefined {
  const email = call.query.get("email");
  if (email === null || filter === "ignored") return undefined;
  if (filter === "400") throw new ApiError(400, "unknown parameter email");
  return email.toLowerCase();
}

function add(call: Call<unknown>, scope: string): ReturnType<typeof created> {
  const { email, roles } = call.read(newMember);
  call.require("membership.create", scope);
  refuseForeign(call, scope, email);
  const member = addMember(call.cloud, scope, email, acceptedRoles(call, scope, roles));
  sendInvitation(call.cloud, [member]);
  return created(memberBody(call, member));
}

function reach(call: Call<unknown>, scope: string, id: string, permission: string): Member {
  call.require(permission, scope);
  const name = `${scope}/members/${id}`;
  const inherited = call.cloud.members.get(name)
    ? undefined
    : inheritedMembers(call, scope, "projects").find(({ member }) => member.name === name);
  const member = inherited?.member ?? call.find("members", name);
  if (hasVanished(call.cloud, member)) throw new ApiError(404, "not found");
  return member;
}

function remove(call: Call<unknown>, scope: string, id: string): ReturnType<typeof deleted> {
  const member = reach(call, scope, id, "membership.delete");
  refuseInherited(call, member);
  refuseLastAdmin(call.cloud, member, []);
  call.cloud.members.remove(member);
  return deleted();
}

/** What is only shown here is changed in the organization. */
function refuseInherited(call: Call<unknown>, member: Member): void {
  if (!call.cloud.members.get(member.name)) throw new ApiError(400, "the role is the organization's");
}

function inviteUrl(call: Call<unknown>, scope: string, id: string): ReturnType<typeof ok> {
  const { accountType, status, name } = reach(call, scope, id, "membership.read");
  if (accountType !== "USER" || status !== "PENDING") throw new ApiError(400, "there is no invitation");
  return ok({ inviteUrl: `https://studio.d21s.com/invite/${Buffer.from(name).toString("base64url")}` });
}
