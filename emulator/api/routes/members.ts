import * as v from "valibot";
import { ApiError } from "../../cloud/apiError";
import { isRemovedByExpiry, recordInvitations } from "../../cloud/invitations";
import { addMember } from "../../cloud/members";
import type { Member } from "../../cloud/resources";
import { emailAddress, protoMessage } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { created, deleted, ok } from "../outcome";
import { route } from "../route";
import { inheritedMembers, memberPage } from "./memberLists";
import { validateRoles, checkAccountOrganization, checkNotLastAdmin } from "./memberRules";
import { memberBody, memberFields } from "./responseBodies";
import { applyUpdateMask } from "./updateMask";

const roleList = v.array(v.string());
const newMember = protoMessage({ email: emailAddress, roles: v.optional(roleList, []) });
const memberChanges = protoMessage({ roles: v.optional(roleList) });

const projectOf = (call: Call<{ project: string }>): string => `projects/${call.params.project}`;
const organizationOf = (call: Call<{ organization: string }>): string =>
  `organizations/${call.params.organization}`;

/** Members of a project. */
export const projectMemberRoutes = [
  route("GET", "projects/{project}/members", (call) => listMembers(call, projectOf(call))),
  route("POST", "projects/{project}/members", (call) => createMember(call, projectOf(call))),
  route("GET", "projects/{project}/members/{member}:getInviteUrl", (call) =>
    getInviteUrl(call, projectOf(call), call.params.member),
  ),
  route("GET", "projects/{project}/members/{member}", (call) =>
    ok(memberBody(call, getMember(call, projectOf(call), call.params.member, "membership.read"))),
  ),
  route("PATCH", "projects/{project}/members/{member}", (call) => {
    const { roles } = applyUpdateMask(call, call.parseBody(memberChanges), memberFields);
    const scope = projectOf(call);
    const member = getMember(call, scope, call.params.member, "membership.update");
    if (!roles) return ok(memberBody(call, member));
    const accepted = validateRoles(call, scope, roles);
    checkNotInherited(call, member);
    checkNotLastAdmin(call.cloud, member, accepted);
    return ok(memberBody(call, call.cloud.members.update(member, { roles: accepted })));
  }),
  route("DELETE", "projects/{project}/members/{member}", (call) =>
    deleteMember(call, projectOf(call), call.params.member),
  ),
];

/** Members of an organization. The API has no PATCH for them. */
export const organizationMemberRoutes = [
  route("GET", "organizations/{organization}/members", (call) => listMembers(call, organizationOf(call))),
  route("POST", "organizations/{organization}/members", (call) => createMember(call, organizationOf(call))),
  route("GET", "organizations/{organization}/members/{member}:getInviteUrl", (call) =>
    getInviteUrl(call, organizationOf(call), call.params.member),
  ),
  route("GET", "organizations/{organization}/members/{member}", (call) =>
    ok(memberBody(call, getMember(call, organizationOf(call), call.params.member, "membership.read"))),
  ),
  route("DELETE", "organizations/{organization}/members/{member}", (call) =>
    deleteMember(call, organizationOf(call), call.params.member),
  ),
];

function listMembers(call: Call<unknown>, scope: string): ReturnType<Call["page"]> {
  call.requirePermission("membership.read", scope);
  const email = emailFilter(call, call.cloud.unknowns.projectMemberFilter);
  const matchesEmail = (member: Member): boolean =>
    email === undefined || member.email.toLowerCase() === email;
  const own = call.cloud.members.list(scope).filter(matchesEmail);
  const inherited = inheritedMembers(call, scope, "projects").filter(({ member }) => matchesEmail(member));
  return memberPage(call, { list: `${scope}/members`, filters: { email } }, own, inherited);
}

/** The email to filter by, in lower case; undefined if the filter is absent or ignored. */
export function emailFilter(call: Call<unknown>, filter: "ignored" | "works" | "400"): string | undefined {
  const email = call.query.get("email");
  if (email === null || filter === "ignored") return undefined;
  if (filter === "400") throw new ApiError(400, "unknown parameter email");
  return email.toLowerCase();
}

function createMember(call: Call<unknown>, scope: string): ReturnType<typeof created> {
  const { email, roles } = call.parseBody(newMember);
  call.requirePermission("membership.create", scope);
  checkAccountOrganization(call, scope, email);
  const member = addMember(call.cloud, scope, email, validateRoles(call, scope, roles));
  recordInvitations(call.cloud, [member]);
  return created(memberBody(call, member));
}

function getMember(call: Call<unknown>, scope: string, id: string, permission: string): Member {
  call.requirePermission(permission, scope);
  const name = `${scope}/members/${id}`;
  const inherited = call.cloud.members.get(name)
    ? undefined
    : inheritedMembers(call, scope, "projects").find(({ member }) => member.name === name);
  const member = inherited?.member ?? call.getVisible("members", name);
  if (isRemovedByExpiry(call.cloud, member)) throw new ApiError(404, "not found");
  return member;
}

function deleteMember(call: Call<unknown>, scope: string, id: string): ReturnType<typeof deleted> {
  const member = getMember(call, scope, id, "membership.delete");
  checkNotInherited(call, member);
  checkNotLastAdmin(call.cloud, member, []);
  call.cloud.members.remove(member);
  return deleted();
}

/** An inherited role can only be changed in the organization. */
function checkNotInherited(call: Call<unknown>, member: Member): void {
  if (!call.cloud.members.get(member.name))
    throw new ApiError(400, "the role comes from the organization: change it there");
}

function getInviteUrl(call: Call<unknown>, scope: string, id: string): ReturnType<typeof ok> {
  const { accountType, status, name } = getMember(call, scope, id, "membership.read");
  if (accountType !== "USER" || status !== "PENDING") throw new ApiError(400, "there is no invitation");
  return ok({ inviteUrl: `https://studio.d21s.com/invite/${Buffer.from(name).toString("base64url")}` });
}
