import * as v from "valibot";
import { ApiError } from "../../cloud/apiError";
import { parentOf } from "../../cloud/ids";
import { hasVanished, sendInvitation } from "../../cloud/invitations";
import { addMember } from "../../cloud/members";
import { isSettling } from "../../cloud/propagation";
import type { Member } from "../../cloud/resources";
import { emailAddress, message } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { created, deleted, ok, type Outcome } from "../outcome";
import { type DisabledStatus, route } from "../route";
import { acceptedRoles, refuseForeign, refuseLastAdmin } from "./memberRules";
import { memberBody } from "./responseBodies";

const newMember = message({
  project: v.pipe(v.string(), v.regex(/^projects\/[^/]+$/)),
  email: emailAddress,
  roles: v.optional(v.array(v.string()), []),
});
const newMembers = message({ members: v.optional(v.array(newMember), []) });
const memberName = v.pipe(v.string(), v.regex(/^projects\/[^/]+\/members\/[^/]+$/));
const memberNames = message({ names: v.optional(v.array(memberName), []) });

const disabledStatus: DisabledStatus = ({ batchSupported }) =>
  batchSupported === "yes" ? undefined : Number(batchSupported);

/** Members of many projects, made or removed in one call. */
export const memberBatchRoutes = [
  route(
    "POST",
    "projects/-/members:batchCreate",
    (call) => {
      const { members } = call.read(newMembers);
      refuseEmpty(call, members);
      refuseTooMany(call, members.length);
      const { batchMixedEmails } = call.cloud.unknowns;
      if (batchMixedEmails === "400" && new Set(members.map(({ email }) => email)).size > 1)
        throw new ApiError(400, "all members of a batch must have the same email");
      return createAll(call, members);
    },
    disabledStatus,
  ),
  route(
    "POST",
    "projects/-/members:batchDelete",
    (call) => {
      const { names } = call.read(memberNames);
      refuseEmpty(call, names);
      refuseTooMany(call, names.length);
      return deleteAll(call, oncePerName(call, names));
    },
    disabledStatus,
  ),
];

/** @throws {ApiError} 400 where a batch is of nothing, if the cloud cares */
export function refuseEmpty(call: Call<unknown>, items: readonly unknown[]): void {
  if (items.length === 0 && call.cloud.unknowns.emptyBatch === 400)
    throw new ApiError(400, "the batch is empty");
}

function refuseTooMany(call: Call, count: number): void {
  const { batchLimit } = call.cloud.unknowns;
  if (batchLimit > 0 && count > batchLimit) throw new ApiError(400, `at most ${batchLimit} in a batch`);
}

function oncePerName(call: Call, names: string[]): string[] {
  const once = [...new Set(names)];
  const { batchDeleteNameTwice } = call.cloud.unknowns;
  if (batchDeleteNameTwice === "400" && once.length < names.length)
    throw new ApiError(400, "a name is there twice");
  return batchDeleteNameTwice === "missing" ? names : once;
}

function createAll(call: Call, items: v.InferOutput<typeof newMember>[]): Outcome {
  const { unknowns } = call.cloud;
  const { done, failures } = batch(
    call,
    items,
    (item) => {
      call.require("membership.create", item.project);
      refuseForeign(call, item.project, item.email);
      return addMember(call.cloud, item.project, item.email, acceptedRoles(call, item.project, item.roles));
    },
    ({ status }) => status === 409 && unknowns.batchExistingMember === "skipped",
  );
  sendInvitation(call.cloud, done);
  const bodies = done.map((member) => memberBody(call, member));
  const [first] = failures;
  if (!first || unknowns.batchFailureFormat === "fewerMembers") return created({ members: bodies });
  if (unknowns.batchFailureFormat === "firstError") return { kind: "partial", error: first.refusal };
  const batchErrors = failures.map(({ item, refusal }) => itemError({ project: item.project }, refusal));
  return created({ members: bodies, batchErrors });
}

function deleteAll(call: Call, names: string[]): Outcome {
  const { batchDeleteMissing, batchFailureFormat } = call.cloud.unknowns;
  const { failures } = batch(
    call,
    names,
    (name) => remove(call, name),
    (refusal) => refusal instanceof NotAMember && batchDeleteMissing === "skipped",
  );
  const [first] = failures;
  if (first && batchFailureFormat === "firstError") return { kind: "partial", error: first.refusal };
  return failures.length > 0 && batchFailureFormat === "batchErrors"
    ? ok({ batchErrors: failures.map(({ item, refusal }) => itemError({ name: item }, refusal)) })
    : deleted();
}

class NotAMember extends ApiError {
  constructor() {
    super(404, "not found");
  }
}

function remove(call: Call, name: string): Member {
  call.require("membership.delete", parentOf(name));
  const member = call.cloud.members.get(name);
  if (!member || isSettling(call.cloud, "members", member) || hasVanished(call.cloud, member))
    throw new NotAMember();
  refuseLastAdmin(call.cloud, member, []);
  call.cloud.members.remove(member);
  return member;
}

interface Batch<Item> {
  done: Member[];
  failures: { item: Item; refusal: ApiError }[];
}

/** Does each item. @throws {ApiError} on the first failure where a batch is one whole */
function batch<Item>(
  call: Call,
  items: readonly Item[],
  act: (item: Item) => Member,
  passesOver: (refusal: ApiError) => boolean,
): Batch<Item> {
  const result: Batch<Item> = { done: [], failures: [] };
  const { log, unknowns } = call.cloud;
  for (const item of items) {
    try {
      result.done.push(log.attempt(() => act(item)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (passesOver(error)) continue;
      if (unknowns.batchAtomic || (error.status === 409 && unknowns.batchExistingMember === "409"))
        throw error;
      result.failures.push({ item, refusal: error });
    }
  }
  return result;
}

const itemError = (item: object, { status, message: text }: ApiError): object => ({
  ...item,
  status: { code: status, message: text },
});
