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

/** What project and organization memberships have in common: one email, one parent, one role. */
export interface MembershipOutputs {
  readonly memberId: string;
  /** `PENDING` until an invited person accepts, then `ACCEPTED`. */
  readonly status: string;
  /** `USER` or `SERVICE_ACCOUNT`. */
  readonly accountType: string;
  readonly displayName: string;
  /**
   * The address that the membership has now. It differs from `member` where a person has accepted the invitation under another
   * address. States of earlier versions have none.
   */
  readonly email?: string;
}

export interface Grant {
  /** `projects/P` or `organizations/O` */
  readonly parent: string;
  readonly member: string;
  readonly role: string;
}

/** A membership that exists already, and the resource of this stack that holds it. */
export interface Present {
  readonly present: MemberBody;
  readonly holder?: Holder | undefined;
}

/**
 * Adds a member, once: what an interrupted run, or a POST without an answer, has added counts as added by us.
 *
 * @returns the new membership, or the present one where the email is a member already.
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
    // What went wrong with others is tried by itself: then it is told of this member, or goes well.
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

  /** Finds a membership that a POST would not collide with, although it is the member's: it would invite them a second time. */
  async function findKnown(): Promise<MemberBody | undefined> {
    // A resource of this stack holds the membership, and its address has changed since.
    const holder = await holderOf(`${parent}/members/${member}`, urn);
    const [name] = holder?.names ?? [];
    const held = name === undefined ? undefined : await find(api, name, MemberBody);
    if (held !== undefined) return held;
    // What another process may still be adding, and, since the API may take it for another person, another spelling of an address.
    return intentsOfOtherProcesses(urn).length > 0 || hasSpellings(member)
      ? findMemberByEmail(api, parent, member)
      : undefined;
  }

  /** Tells a membership that this resource has made, now or in an earlier run, from one that was there. */
  async function claimed(present: MemberBody): Promise<{ added: MemberBody } | Present> {
    const holder = await holderOf(present.name, urn);
    if (holder !== undefined) {
      [...earlier, ...sent].forEach(closeIntent);
      return { present, holder };
    }
    // The second of our own POSTs collides with the first.
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

  /** Who is there already may be as new as what an interrupted run, or our own POST, was adding. */
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

/** Whether `intent` may have made a membership: it came about at that time, and with that role. */
const mayBeMembershipOf = (intent: Intent, body: MemberBody): boolean =>
  intent.label === labelOf({ member: emailOf(body), role: roleOf(body) }) && mayBeOf(intent, body);

/** Whether a membership is what an earlier run made, and no other state can hold it. */
const isOutcomeOf = (intent: Intent, present: MemberBody): boolean =>
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

/** The API may take a mistyped service account for a person and invite it: that grants access to nobody we mean. */
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
 * The membership as it is; undefined when it is proven gone. An invitation that was accepted may have got another member id,
 * that of the person's account: then the email tells, as long as the state knows it as pending.
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

/** What an earlier run left of a membership that it could not finish. */
export async function unfinishedMembership(
  id: string,
  state: MembershipOutputs & Pick<Grant, "member">,
  session: Session,
): Promise<MemberBody> {
  const body = await findMembership(id, state, session.api);
  if (body === undefined) throw new Error(`${id} no longer exists: run \`pulumi refresh\``);
  return refuseImpostor(body, state.member, session);
}

/** The API's names of the membership that a state holds: by its id, and by its address, since an invitation may get another id. */
export const membershipNames = (
  id: string,
  { member, memberId, email }: MembershipOutputs & Pick<Grant, "member">,
): string[] =>
  [memberId, member, email].flatMap((part) =>
    part === undefined ? [] : [`${parentOf(id)}/members/${part}`],
  );

export const rolesOf = ({ roles }: MemberBody): string =>
  roles.map((role) => role.replace(/^roles\//, "")).join(" and ") || "no role";

/** The role as the API has it: one is the rule, and several are shown as they are, so that they differ from any one. */
export const roleOf = ({ roles }: MemberBody): string => roles.join(",");

export const toOutputs = (body: MemberBody): MembershipOutputs => ({
  memberId: idOf(body.name),
  status: body.status,
  accountType: body.accountType,
  displayName: body.displayName,
  email: emailOf(body),
});

/** The outputs after an update that changes nothing in the cloud. @param member the address that the program names now */
export const outputsOf = (
  { memberId, status, accountType, displayName, email, ...state }: MembershipOutputs & Pick<Grant, "member">,
  member: string,
): MembershipOutputs => ({
  memberId,
  status,
  accountType,
  displayName,
  // Another address in the program is the address of the membership, or this would be a replacement.
  email: member === state.member ? (email ?? member) : member,
});
