import * as v from "valibot";
import { parseAs } from "../api/http/client.js";
import { emailOf } from "../api/text/email.js";
import { ApiError, mayExist } from "../api/http/errors.js";
import { find, idOf, parentOf, remove } from "../api/reads/find.js";
import { addMemberTogether } from "../api/writes/memberBatch.js";
import { MemberBody } from "../api/bodies/members.js";
import { findMemberByEmail, listMembers } from "../api/reads/memberLists.js";
import { notice } from "../api/text/notice.js";
import { holderOf, type Holder } from "../stack/claims.js";
import { createOnce, pollForOutcome, pollUntilFound } from "../recovery/createOnce.js";
import {
  intentsOfOtherProcesses,
  closeIntent,
  loadRecordedNames,
  mayBeResumed,
  openIntentsOf,
  type Intent,
} from "../recovery/journal.js";
import { reportCandidates, type OrphanReporter } from "../recovery/orphanReport.js";
import { mayBeOf } from "../recovery/intentOutcome.js";
import { awaitConcurrentRuns, assertNoOtherCreation } from "../recovery/concurrentRuns.js";
import { Incomplete } from "../contract/resource.js";
import type { Session } from "../session/session.js";
import { roleOf, toOutputs, type Grant, type MembershipOutputs } from "./membershipOutputs.js";

/** A membership that exists already, and the resource of this stack that holds it, if any. */
export interface Present {
  readonly present: MemberBody;
  readonly holder?: Holder | undefined;
}

/**
 * Adds a member exactly once. If an interrupted run, or a POST without an answer, has created the membership, it counts
 * as added by this call.
 *
 * @returns the new membership, or the existing one if the email is already a member
 */
export async function addMember(
  grant: Grant,
  urn: string,
  session: Session,
): Promise<{ added: MemberBody } | Present> {
  const { parent, member } = grant;
  const { api, settings } = session;
  await loadRecordedNames(urn);
  await awaitConcurrentRuns(urn, settings);
  const earlier = openIntentsOf({ urn, apiUrl: settings.apiUrl, kind: "member", parent });
  const sent: Intent[] = [];
  const post = (intent: Intent) => {
    sent.push(intent);
    const alone = () => postAlone(grant, api);
    // The first POST may be a batch with other members. Send a second one alone: if it fails, the error is about this
    // member.
    return sent.length > 1 ? alone() : addMemberTogether(api, { ...grant, post: alone });
  };
  const look = (intent: Intent) =>
    pollUntilFound(settings.retryDelay, async () => {
      const found = await findMemberByEmail(api, parent, member);
      if (found === undefined) return undefined;
      if (!mayBeMembershipOf(intent, found)) throw conflict(parent);
      notice(
        `the answer to adding ${member} to ${parent} was lost; the membership ${found.name} was created at that time with this role. This run treats it as the one it created`,
      );
      return found;
    });
  try {
    const known = await findKnown();
    if (known !== undefined) return await claimed(known);
    assertNoOtherCreation(urn);
    const intent = {
      urn,
      apiUrl: settings.apiUrl,
      kind: "member",
      parent,
      label: labelOf(grant),
      before: [],
    } as const;
    const body = await createOnce({ intent, post, look, nameOf: ({ name }) => name });
    earlier.forEach(closeIntent);
    return { added: await refuseImpostor(body, member, session) };
  } catch (error) {
    const present = mayExist(error) ? await findPresent() : undefined;
    if (present === undefined) throw error;
    return claimed(present);
  }

  /** Finds a membership of the member that a POST would not conflict with. The POST would invite the member again. */
  async function findKnown(): Promise<MemberBody | undefined> {
    // A resource of this stack holds the membership, and its address has changed since.
    const holder = await holderOf(`${parent}/members/${member}`, urn);
    const [name] = holder?.names ?? [];
    const held = name === undefined ? undefined : await find(api, name, MemberBody);
    if (held !== undefined) return held;
    // Another process may still be adding the member. Or the API may treat another spelling of the address as another
    // person.
    return intentsOfOtherProcesses(urn).length > 0 || hasSpellings(member)
      ? findMemberByEmail(api, parent, member)
      : undefined;
  }

  /** Decides whether this resource has created a membership, now or in an earlier run, or whether it existed before. */
  async function claimed(present: MemberBody): Promise<{ added: MemberBody } | Present> {
    const holder = await holderOf(present.name, urn);
    if (holder !== undefined) {
      [...earlier, ...sent].forEach(closeIntent);
      return { present, holder };
    }
    // Our second POST may conflict with our first.
    const isOurs = sent.length > 1 && sent.some((intent) => mayBeMembershipOf(intent, present));
    const isEarlierRuns = earlier.some((intent) => isOutcomeOf(intent, present));
    [...earlier, ...sent].forEach(closeIntent);
    if (!isOurs && !isEarlierRuns) return { present };
    if (isEarlierRuns)
      notice(
        `an interrupted run was adding ${member} to ${parent}; the membership ${present.name} was created at that time with this role. This run treats it as the one that was interrupted`,
      );
    return { added: present };
  }

  /** Finds the existing membership. Polls if an interrupted run or our own POST may have just created it. */
  function findPresent(): Promise<MemberBody | undefined> {
    const find = () => findMemberByEmail(api, parent, member);
    const newest = [...earlier, ...sent.slice(0, -1)].at(-1);
    return newest === undefined ? find() : pollForOutcome(newest, settings.retryDelay, find);
  }
}

/** Whether Unicode has several spellings of an address. */
const hasSpellings = (address: string): boolean => address.normalize("NFD") !== address;

const postAlone = (grant: Grant, api: Session["api"]): Promise<MemberBody> =>
  api
    .post(`${grant.parent}/members`, {
      json: { roles: [grant.role], email: grant.member },
      context: { dependsOn: grant.member },
    })
    .then(
      parseAs(
        v.pipe(
          MemberBody,
          v.check((body) => isMembershipOf(body, grant)),
        ),
      ),
    );

const isMembershipOf = ({ name, email }: MemberBody, { parent, member }: Grant): boolean =>
  parentOf(name) === parent && emailOf({ email }) === member;

const labelOf = ({ member, role }: Pick<Grant, "member" | "role">): string => `${member} as ${role}`;

export const membershipOrphans: OrphanReporter = {
  kind: "member",
  report: async (intent, api) =>
    reportCandidates(
      intent,
      (await listMembers(api, intent.parent)).filter((member) => mayBeMembershipOf(intent, member)),
    ),
};

/** Whether `intent` may have created a membership: the address, the role and the time match. */
const mayBeMembershipOf = (intent: Intent, body: MemberBody): boolean =>
  intent.label === labelOf({ member: emailOf(body), role: roleOf(body) }) && mayBeOf(intent, body);

/** Whether an earlier run created the membership, and no other state can hold it. */
export const isOutcomeOf = (intent: Intent, present: MemberBody): boolean =>
  intent.made === undefined
    ? mayBeMembershipOf(intent, present)
    : intent.made === present.name && mayBeResumed(intent);

const conflict = (parent: string): ApiError =>
  new ApiError({
    method: "POST",
    path: `${parent}/members`,
    status: 409,
    reason: "already a member",
    isApiAnswer: true,
  });

/**
 * Takes back an invitation to a service account that does not exist. The API may treat a mistyped account as a person
 * and invite it.
 *
 * @returns the membership, if it is not such an invitation
 * @throws Error if it was such an invitation; Incomplete if it could not be removed
 */
async function refuseImpostor(body: MemberBody, member: string, { api }: Session): Promise<MemberBody> {
  const isAccount = body.accountType === "SERVICE_ACCOUNT";
  const isPerson = body.accountType === "USER" || body.status === "PENDING";
  if (isAccount || !isPerson || !member.endsWith(".serviceaccount.d21s.com")) return body;
  const reason = `${member} is not an existing service account`;
  try {
    await remove(api, body.name);
  } catch (error) {
    const { message } = error as Error;
    throw new Incomplete(
      { id: body.name, outputs: toOutputs(body) },
      `${reason}, but was invited as a person: ${message}`,
    );
  }
  throw new Error(`${reason}, and was not added`);
}

/**
 * Finds a membership by its id. An accepted invitation may get another member id, that of the person's account. So if
 * the state knows the membership as pending, this also finds it by email.
 *
 * @returns undefined if the API proves that the membership is gone
 */
export async function findMembership(
  id: string,
  { member, memberId, status }: Partial<MembershipOutputs> & Pick<Grant, "member">,
  api: Session["api"],
): Promise<MemberBody | undefined> {
  const parent = parentOf(id);
  const body = await find(api, `${parent}/members/${memberId ?? idOf(id)}`, MemberBody);
  return body ?? (status === "PENDING" ? findMemberByEmail(api, parent, member) : undefined);
}

/**
 * The membership that an earlier run created and could not finish.
 *
 * @throws Error if it is gone
 */
export async function unfinishedMembership(
  id: string,
  state: MembershipOutputs & Pick<Grant, "member">,
  session: Session,
): Promise<MemberBody> {
  const body = await findMembership(id, state, session.api);
  if (body === undefined) throw new Error(`${id} no longer exists: run \`pulumi refresh\``);
  return refuseImpostor(body, state.member, session);
}
