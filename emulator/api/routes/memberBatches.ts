import * as v from "valibot";
import { ApiError } from "../../cloud/apiError";
import { parentOf } from "../../cloud/ids";
import { isRemovedByExpiry, recordInvitations } from "../../cloud/invitations";
import { addMember } from "../../cloud/members";
import { isPropagating } from "../../cloud/propagation";
import type { Member } from "../../cloud/resources";
import { emailAddress, protoMessage } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { created, deleted, ok, type Outcome } from "../outcome";
import { type DisabledStatus, route } from "../route";
import { validateRoles, checkAccountOrganization, checkNotLastAdmin } from "./memberRules";
import { memberBody } from "./responseBodies";

const newMember = protoMessage({
  project: v.pipe(v.string(), v.regex(/^projects\/[^/]+$/)),
  email: emailAddress,
  roles: v.optional(v.array(v.string()), []),
});
const newMembers = protoMessage({ members: v.optional(v.array(newMember), []) });
const memberName = v.pipe(v.string(), v.regex(/^projects\/[^/]+\/members\/[^/]+$/));
const memberNames = protoMessage({ names: v.optional(v.array(memberName), []) });

const disabledStatus: DisabledStatus = ({ batchSupported }) =>
  batchSupported === "yes" ? undefined : Number(batchSupported);

/** Creates or deletes members of several projects in one call. */
export const memberBatchRoutes = [
  route(
    "POST",
    "projects/-/members:batchCreate",
    (call) => {
      const { members } = call.parseBody(newMembers);
      checkBatchNotEmpty(call, members);
      checkBatchLimit(call, members.length);
      const { batchMixedEmails } = call.cloud.unknowns;
      if (batchMixedEmails === "400" && new Set(members.map(({ email }) => email)).size > 1)
        throw new ApiError(400, "all members of a batch must have the same email");
      return createMembers(call, members);
    },
    disabledStatus,
  ),
  route(
    "POST",
    "projects/-/members:batchDelete",
    (call) => {
      const { names } = call.parseBody(memberNames);
      checkBatchNotEmpty(call, names);
      checkBatchLimit(call, names.length);
      return deleteMembers(call, deduplicateNames(call, names));
    },
    disabledStatus,
  ),
];

/** @throws {ApiError} 400 for an empty batch, if `emptyBatch` refuses it */
export function checkBatchNotEmpty(call: Call<unknown>, items: readonly unknown[]): void {
  if (items.length === 0 && call.cloud.unknowns.emptyBatch === 400)
    throw new ApiError(400, "the batch is empty");
}

function checkBatchLimit(call: Call, count: number): void {
  const { batchLimit } = call.cloud.unknowns;
  if (batchLimit > 0 && count > batchLimit)
    throw new ApiError(400, `a batch has at most ${batchLimit} items`);
}

function deduplicateNames(call: Call, names: string[]): string[] {
  const once = [...new Set(names)];
  const { batchDeleteNameTwice } = call.cloud.unknowns;
  if (batchDeleteNameTwice === "400" && once.length < names.length)
    throw new ApiError(400, "a name is repeated");
  return batchDeleteNameTwice === "missing" ? names : once;
}

function createMembers(call: Call, items: v.InferOutput<typeof newMember>[]): Outcome {
  const { unknowns } = call.cloud;
  const { done, failures } = runBatch(
    call,
    items,
    (item) => {
      call.requirePermission("membership.create", item.project);
      checkAccountOrganization(call, item.project, item.email);
      return addMember(call.cloud, item.project, item.email, validateRoles(call, item.project, item.roles));
    },
    ({ status }) => status === 409 && unknowns.batchExistingMember === "skipped",
  );
  recordInvitations(call.cloud, done);
  const bodies = done.map((member) => memberBody(call, member));
  const [first] = failures;
  if (!first || unknowns.batchFailureFormat === "fewerMembers") return created({ members: bodies });
  if (unknowns.batchFailureFormat === "firstError") return { kind: "partial", error: first.refusal };
  const batchErrors = failures.map(({ item, refusal }) => itemError({ project: item.project }, refusal));
  return created({ members: bodies, batchErrors });
}

function deleteMembers(call: Call, names: string[]): Outcome {
  const { batchDeleteMissing, batchFailureFormat } = call.cloud.unknowns;
  const { failures } = runBatch(
    call,
    names,
    (name) => deleteMember(call, name),
    (refusal) => refusal instanceof NotAMemberError && batchDeleteMissing === "skipped",
  );
  const [first] = failures;
  if (first && batchFailureFormat === "firstError") return { kind: "partial", error: first.refusal };
  return failures.length > 0 && batchFailureFormat === "batchErrors"
    ? ok({ batchErrors: failures.map(({ item, refusal }) => itemError({ name: item }, refusal)) })
    : deleted();
}

class NotAMemberError extends ApiError {
  constructor() {
    super(404, "not found");
  }
}

function deleteMember(call: Call, name: string): Member {
  call.requirePermission("membership.delete", parentOf(name));
  const member = call.cloud.members.get(name);
  if (!member || isPropagating(call.cloud, "members", member) || isRemovedByExpiry(call.cloud, member))
    throw new NotAMemberError();
  checkNotLastAdmin(call.cloud, member, []);
  call.cloud.members.remove(member);
  return member;
}

interface Batch<Item> {
  done: Member[];
  failures: { item: Item; refusal: ApiError }[];
}

/** Processes each item. @throws {ApiError} on the first failure, if the batch is atomic */
function runBatch<Item>(
  call: Call,
  items: readonly Item[],
  processItem: (item: Item) => Member,
  isSkipped: (refusal: ApiError) => boolean,
): Batch<Item> {
  const result: Batch<Item> = { done: [], failures: [] };
  const { undoLog, unknowns } = call.cloud;
  for (const item of items) {
    try {
      result.done.push(undoLog.transaction(() => processItem(item)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isSkipped(error)) continue;
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
