import * as v from "valibot";
import type { Call } from "../call";
import { addMember, sendInvitation } from "../changes";
import { parentOf } from "../ids";
import { permissionsIn } from "../permissions";
import { Refusal } from "../refusal";
import { type Answer, created, deleted, ok, route } from "../router";
import type { Member } from "../world";
import { inheritedMembers, withoutExpired } from "./memberLists";
import { acceptedRoles, refuseLastAdmin } from "./memberRules";
import { emailAddress, filterByEmail } from "./members";
import { organizationFilter } from "./organizationFilter";
import { memberBody } from "./shape";

const newMembers = v.object({
  members: v.array(v.object({ project: v.string(), email: emailAddress, roles: v.array(v.string()) })),
});
const notAMember = "not found";
const names = v.object({ names: v.array(v.string()) });

/** Members of many projects in one call. */
export const wildcardMemberRoutes = [
  route("GET", "projects/-/members", (call) => {
    const { wildcardNeeds, wildcardEmailFilter } = call.world.unknowns;
    const memberId = call.query.get("memberId");
    const organization = organizationFilter(call);
    if (!memberId && (wildcardNeeds === "memberId" || wildcardNeeds === "both"))
      throw new Refusal(400, "memberId is missing");
    if (!organization && (wildcardNeeds === "organization" || wildcardNeeds === "both"))
      throw new Refusal(400, "organization is missing");
    const email = filterByEmail(call, wildcardEmailFilter);
    const members = inReach(call, organization).filter(
      (member) =>
        (!memberId || member.name.endsWith(`/${memberId}`)) &&
        (email === undefined || member.email.toLowerCase() === email),
    );
    return call.page("members", members, { list: "members" }, (member) => memberBody(call, member));
  }),
  route("POST", "projects/-/members:batchCreate", (call) => {
    refuseUnserved(call);
    const { members } = call.read(newMembers);
    refuseTooMany(call, members.length);
    const { batchMixedEmails } = call.world.unknowns;
    if (batchMixedEmails === "400" && new Set(members.map(({ email }) => email)).size > 1)
      throw new Refusal(400, "all members of a batch must have the same email");
    return createAll(call, members);
  }),
  route("POST", "projects/-/members:batchDelete", (call) => {
    refuseUnserved(call);
    const { names: wanted } = call.read(names);
    refuseTooMany(call, wanted.length);
    const { done, failures } = batch(call, wanted, (name) => removable(call, name));
    for (const member of done) call.world.members.remove(member);
    const [first] = failures;
    if (first && call.world.unknowns.batchFailureFormat === "firstError") throw first.refusal;
    return failures.length > 0 && call.world.unknowns.batchFailureFormat === "batchErrors"
      ? ok({ batchErrors: failures.map(({ item, refusal }) => itemError({ name: item }, refusal)) })
      : deleted();
  }),
];

function inReach(call: Call, organization: string | undefined): Member[] {
  if (call.world.unknowns.wildcardPermission === "organization.admin") {
    const scopes = organization ? [organization] : call.world.organizations.list().map(({ name }) => name);
    const administers = (scope: string): boolean =>
      permissionsIn(scope, call.caller, call.world).includes("membership.read");
    if (!scopes.some(administers)) throw new Refusal(403, "permission denied");
  }
  return call.world.projects
    .list()
    .filter((project) => !organization || project.organization === organization)
    .filter(({ name }) => permissionsIn(name, call.caller, call.world).includes("membership.read"))
    .flatMap(({ name }) => [
      ...withoutExpired(call.world, call.listed("members", call.world.members.list(name))),
      ...inheritedMembers(call.world, name, "wildcard"),
    ]);
}

function refuseUnserved(call: Call): void {
  const { batchSupported } = call.world.unknowns;
  if (batchSupported !== "yes") throw new Refusal(Number(batchSupported), "batches are not served");
}

function refuseTooMany(call: Call, count: number): void {
  const { batchLimit } = call.world.unknowns;
  if (batchLimit > 0 && count > batchLimit) throw new Refusal(400, `at most ${batchLimit} in a batch`);
}

type NewMember = v.InferOutput<typeof newMembers>["members"][number];

function createAll(call: Call, items: NewMember[]): Answer {
  const { unknowns, members } = call.world;
  const { done, failures } = batch(
    call,
    items,
    (item) => {
      call.require("membership.create", item.project);
      return addMember(call.world, item.project, item.email, acceptedRoles(call, item.project, item.roles));
    },
    (member) => members.remove(member),
  );
  sendInvitation(call.world, done);
  const bodies = done.map((member) => memberBody(call, member));
  const [first] = failures;
  if (!first || unknowns.batchFailureFormat === "fewerMembers") return created({ members: bodies });
  if (unknowns.batchFailureFormat === "firstError") throw first.refusal;
  const batchErrors = failures.map(({ item, refusal }) => itemError({ project: item.project }, refusal));
  return created({ members: bodies, batchErrors });
}

function removable(call: Call, name: string): Member {
  call.require("membership.delete", parentOf(name));
  const member = call.world.members.get(name);
  if (!member) throw new Refusal(404, notAMember);
  refuseLastAdmin(call.world, member, []);
  return member;
}

interface Batch<Item> {
  done: Member[];
  failures: { item: Item; refusal: Refusal }[];
}

/** Does each item; undoes all and throws on the first failure where a batch is one whole. */
function batch<Item>(
  call: Call,
  items: readonly Item[],
  act: (item: Item) => Member,
  undo: (member: Member) => void = () => undefined,
): Batch<Item> {
  const result: Batch<Item> = { done: [], failures: [] };
  for (const item of items) {
    try {
      result.done.push(act(item));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const fate = fateOf(call, error);
      if (fate === "wholeBatch") {
        result.done.forEach(undo);
        throw error;
      }
      if (fate === "failure") result.failures.push({ item, refusal: error });
    }
  }
  return result;
}

/** What one item's failure means for the batch. */
function fateOf(call: Call, refusal: Refusal): "wholeBatch" | "failure" | "nothing" {
  const { batchAtomic, batchExistingMember, batchDeleteMissing } = call.world.unknowns;
  if (refusal.status === 409 && batchExistingMember === "skipped") return "nothing";
  if (refusal.status === 409 && batchExistingMember === "409") return "wholeBatch";
  if (refusal.message === notAMember && batchDeleteMissing === "skipped") return "nothing";
  return batchAtomic ? "wholeBatch" : "failure";
}

const itemError = (item: object, { status, message }: Refusal): object => ({
  ...item,
  status: { code: status, message },
});
