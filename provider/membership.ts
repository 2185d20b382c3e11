import * as v from "valibot";
import { as } from "./api/client.js";
import { ApiError, mayExist } from "./api/errors.js";
import { find, idOf, parentOf, remove } from "./api/find.js";
import { addMemberTogether } from "./api/memberBatch.js";
import { findMemberByEmail, MemberBody } from "./api/members.js";
import { notice } from "./api/notice.js";
import { createOnce, lookForOutcome, patientLooks } from "./createOnce.js";
import { awaitOtherRuns, close, mayBeOf, mayBeTakenUp, unfinished, type Intent } from "./journal.js";
import { Incomplete } from "./resource.js";
import type { Session } from "./session.js";

/** What project and organization memberships have in common: one email, one parent, one role. */
export interface MembershipOutputs {
  readonly memberId: string;
  /** `PENDING` until an invited person accepts, then `ACCEPTED`. */
  readonly status: string;
  /** `USER` or `SERVICE_ACCOUNT`. */
  readonly accountType: string;
  readonly displayName: string;
}

export interface Grant {
  /** `projects/P` or `organizations/O` */
  readonly parent: string;
  readonly member: string;
  readonly role: string;
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
): Promise<{ added: MemberBody } | { present: MemberBody }> {
  const { parent, member } = grant;
  const { api, settings } = session;
  await awaitOtherRuns(urn);
  const earlier = unfinished({ urn, apiUrl: settings.apiUrl, kind: "member", parent });
  const sent: Intent[] = [];
  const post = (intent: Intent) => {
    sent.push(intent);
    const alone = () => postAlone(grant, api);
    // What went wrong with others is tried by itself: then it is told of this member, or goes well.
    return sent.length > 1 ? alone() : addMemberTogether(api, { ...grant, post: alone });
  };
  const look = async (intent: Intent) => {
    const found = await findMemberByEmail(api, parent, member);
    if (found === undefined) return undefined;
    if (!mayBeMembershipOf(intent, found)) throw conflict(parent);
    notice(
      `the answer to adding ${member} to ${parent} was lost; the membership ${found.name}, which came about at that moment with this role, is taken for it`,
    );
    return found;
  };
  try {
    const intent = {
      urn,
      apiUrl: settings.apiUrl,
      kind: "member",
      parent,
      label: labelOf(grant),
      before: [],
    } as const;
    const looks = patientLooks(settings.retryDelay);
    const body = await createOnce({ intent, post, look, looks, nameOf: ({ name }) => name });
    earlier.forEach(close);
    return { added: await refuseImpostor(body, member, session) };
  } catch (error) {
    const present = mayExist(error) ? await findPresent() : undefined;
    if (present === undefined) throw error;
    // The second of our own POSTs collides with the first.
    const isOurs = sent.length > 1 && sent.some((intent) => mayBeMembershipOf(intent, present));
    const isEarlierRuns = earlier.some((intent) => isOutcomeOf(intent, present));
    [...earlier, ...sent].forEach(close);
    if (!isOurs && !isEarlierRuns) return { present };
    if (isEarlierRuns)
      notice(
        `an interrupted run was adding ${member} to ${parent}; the membership ${present.name}, which came about at that time, is taken for it`,
      );
    return { added: present };
  }

  /** Who is there already may be as new as what an interrupted run, or our own POST, was adding. */
  function findPresent(): Promise<MemberBody | undefined> {
    const find = () => findMemberByEmail(api, parent, member);
    const newest = [...earlier, ...sent.slice(0, -1)].at(-1);
    return newest === undefined ? find() : lookForOutcome(newest, settings.retryDelay, find);
  }
}

const postAlone = (grant: Grant, api: Session["api"]): Promise<MemberBody> =>
  api
    .post(`${grant.parent}/members`, {
      json: { roles: [grant.role], email: grant.member },
      context: { dependsOn: grant.member },
    })
    .then(
      as(
        v.pipe(
          MemberBody,
          v.check((body) => isMembershipOf(body, grant)),
        ),
      ),
    );

const isMembershipOf = ({ name, email }: MemberBody, { parent, member }: Grant): boolean =>
  name.startsWith(`${parent}/members/`) && email.toLowerCase() === member;

const labelOf = ({ member, role }: Pick<Grant, "member" | "role">): string => `${member} as ${role}`;

/** Whether `intent` may have made a membership: it came about at that time, and with that role. */
export const mayBeMembershipOf = (intent: Intent, body: MemberBody): boolean =>
  intent.label === labelOf({ member: body.email.toLowerCase(), role: roleOf(body) }) && mayBeOf(intent, body);

/** Whether a membership is what an earlier run made, and no other state can hold it. */
const isOutcomeOf = (intent: Intent, present: MemberBody): boolean =>
  intent.made === undefined
    ? mayBeMembershipOf(intent, present)
    : intent.made === present.name && mayBeTakenUp(intent);

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
  const reason = `${member} is no service account that exists`;
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
  if (body === undefined) throw new Error(`${id} is gone: run \`pulumi refresh\``);
  return refuseImpostor(body, state.member, session);
}

/** Where an email is a member already and may not be taken over without a word: a later destroy would remove what somebody else granted. */
export function alreadyMember({ parent, member }: Grant, present: MemberBody): Error {
  return new Error(
    `${member} is already a member of ${parent}, as ${rolesOf(present)}; set adopt: true on this resource to take the membership over, or remove it there first`,
  );
}

export const rolesOf = ({ roles }: MemberBody): string =>
  roles.map((role) => role.replace(/^roles\//, "")).join(" and ") || "no role";

/** The role as the API has it: one is the rule, and several are shown as they are, so that they differ from any one. */
export const roleOf = ({ roles }: MemberBody): string => roles.join(",");

export const toOutputs = ({ name, status, accountType, displayName }: MemberBody): MembershipOutputs => ({
  memberId: idOf(name),
  status,
  accountType,
  displayName,
});

/** The outputs in a state, for an update that changes nothing in the cloud. */
export const outputsOf = ({
  memberId,
  status,
  accountType,
  displayName,
}: MembershipOutputs): MembershipOutputs => ({
  memberId,
  status,
  accountType,
  displayName,
});
