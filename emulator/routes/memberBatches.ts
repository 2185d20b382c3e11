import * as v from "valibot";
import type { Call } from "../call";
import { addMember } from "../changes";
import { parentOf } from "../ids";
import { sendInvitation } from "../invitations";
import { isSettling } from "../propagation";
import { Refusal } from "../refusal";
import { type Answer, created, deleted, ok, route } from "../router";
import type { Member } from "../things";
import { acceptedRoles, refuseForeign, refuseLastAdmin } from "./memberRules";
import { emailAddress } from "./members";
import { memberBody } from "./shape";

const newMembers = v.object({
  members: v.array(v.object({ project: v.string(), email: emailAddress, roles: v.array(v.string()) })),
});
const names = v.object({ names: v.array(v.string()) });

/** Members of many projects, made or removed in one call. */
export const memberBatchRoutes = [
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
    const { batchDeleteMissing } = call.world.unknowns;
    const { done, failures } = batch(call, wanted, (name) => removable(call, name), {
      passesOver: (refusal) => refusal instanceof NotAMember && batchDeleteMissing === "skipped",
    });
    for (const member of done) call.world.members.remove(member);
    const [first] = failures;
    if (first && call.world.unknowns.batchFailureFormat === "firstError") throw first.refusal;
    return failures.length > 0 && call.world.unknowns.batchFailureFormat === "batchErrors"
      ? ok({ batchErrors: failures.map(({ item, refusal }) => itemError({ name: item }, refusal)) })
      : deleted();
  }),
];

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
      refuseForeign(call, item.project, item.email);
      return addMember(call.world, item.project, item.email, acceptedRoles(call, item.project, item.roles));
    },
    {
      passesOver: ({ status }) => status === 409 && unknowns.batchExistingMember === "skipped",
      undo: (member) => members.remove(member),
    },
  );
  sendInvitation(call.world, done);
  const bodies = done.map((member) => memberBody(call, member));
  const [first] = failures;
  if (!first || unknowns.batchFailureFormat === "fewerMembers") return created({ members: bodies });
  if (unknowns.batchFailureFormat === "firstError") throw first.refusal;
  const batchErrors = failures.map(({ item, refusal }) => itemError({ project: item.project }, refusal));
  return created({ members: bodies, batchErrors });
}

class NotAMember extends Refusal {
  constructor() {
    super(404, "not found");
  }
}

function removable(call: Call, name: string): Member {
  call.require("membership.delete", parentOf(name));
  const member = call.world.members.get(name);
  if (!member || isSettling(call.world, "members", member)) throw new NotAMember();
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
  on: { passesOver: (refusal: Refusal) => boolean; undo?: (member: Member) => void },
): Batch<Item> {
  const result: Batch<Item> = { done: [], failures: [] };
  const { batchAtomic, batchExistingMember } = call.world.unknowns;
  for (const item of items) {
    try {
      result.done.push(act(item));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (on.passesOver(error)) continue;
      if (batchAtomic || (error.status === 409 && batchExistingMember === "409")) {
        for (const member of result.done) on.undo?.(member);
        throw error;
      }
      result.failures.push({ item, refusal: error });
    }
  }
  return result;
}

const itemError = (item: object, { status, message }: Refusal): object => ({
  ...item,
  status: { code: status, message },
});
