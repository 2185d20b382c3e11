import * as v from "valibot";
import { Batch } from "./batch.js";
import { parseAs, type Api } from "../http/client.js";
import { emailOf } from "../text/email.js";
import { isNotFound, mayExist } from "../http/errors.js";
import { parentOf, remove } from "../reads/find.js";
import { groupBy } from "../gathering/groupBy.js";
import { findMemberByEmail, listMembers, MemberBody } from "../bodies/members.js";
import { isRecentlyCreated, noteFound } from "../http/recentlyCreated.js";
import { toServerTime } from "../http/serverClock.js";

/** A membership that is wanted. */
export interface NewMember {
  /** `projects/P` or `organizations/O` */
  readonly parent: string;
  /** Email, in lower case. */
  readonly member: string;
  /** `roles/…` */
  readonly role: string;
  /** Sends the call that adds only this one. */
  readonly post: () => Promise<MemberBody>;
}

/** A membership that is to go. */
export interface OldMember {
  readonly name: string;
  readonly role: string;
}

interface Batches {
  readonly creations: Batch<NewMember, MemberBody>;
  readonly deletions: Batch<OldMember, boolean>;
}
const batches = new WeakMap<Api, Batches>();

function batchesOf(api: Api): Batches {
  const present = batches.get(api) ?? { creations: creations(api), deletions: deletions(api) };
  batches.set(api, present);
  return present;
}

/**
 * Adds a member. Those of projects that are added at about the same time go out in one call, and a person gets one mail for all.
 * Whatever comes of it, each is told what a call of its own would have told, such as 409 where it is a member already.
 */
export const addMemberTogether = (api: Api, wanted: NewMember): Promise<MemberBody> =>
  wanted.parent.startsWith("projects/") ? batchesOf(api).creations.add(wanted) : wanted.post();

/** Removes a member, as `remove` does; those of projects that go at about the same time in one call. */
export const removeMemberTogether = (api: Api, old: OldMember): Promise<boolean> =>
  // One that can't be seen everywhere yet would be passed over in silence.
  isRecentlyCreated(old.name) ? remove(api, old.name) : batchesOf(api).deletions.add(old);

const Members = v.object({ members: v.optional(v.array(MemberBody), []) });

function creations(api: Api): Batch<NewMember, MemberBody> {
  /** Memberships that somebody has been told to have made. */
  const given = new Set<string>();
  const give = (body: MemberBody): MemberBody => {
    given.add(body.name);
    return body;
  };
  const batch: Batch<NewMember, MemberBody> = new Batch({
    async all(wanted) {
      const members = wanted.map(({ parent, member, role }) => ({
        project: parent,
        email: member,
        roles: [role],
      }));
      const since = Date.now();
      const answer = await api
        .post("projects/-/members:batchCreate", { json: { members } })
        .then(parseAs(Members));
      const made = new Map(answer.members.map((body) => [`${parentOf(body.name)} ${emailOf(body)}`, body]));
      return wanted.map(({ parent, member }) => {
        const body = made.get(`${parent} ${member}`);
        return body === undefined || isOlder(body, since) ? undefined : give(body);
      });
    },
    one: async ({ post }) => give(await post()),
    async again(wanted, since) {
      try {
        return give(await wanted.post());
      } catch (error) {
        const { parent, member, role } = wanted;
        const present = mayExist(error) ? await findMemberByEmail(api, parent, member) : undefined;
        if (present === undefined || given.has(present.name)) throw error;
        if (!isNewer(present, since) || present.roles.join() !== role) throw error;
        // Refused, and carried out all the same: such an API is asked for one at a time.
        batch.giveUp();
        return give(present);
      }
    },
    keyOf: ({ parent, member }) => `${parent} ${member}`,
    kindOf: ({ member }) => member,
    isToBlame: (outcome) => outcome instanceof Error,
    isTooNew: ({ parent, member }) => isRecentlyCreated(member) || isRecentlyCreated(parent),
    isRepeatable: false,
  });
  return batch;
}

function deletions(api: Api): Batch<OldMember, boolean> {
  /** Projects where a batch is known to have done what it said. */
  const proven = new Set<string>();
  const one = ({ name }: OldMember) => remove(api, name);
  return new Batch({
    async all(old) {
      const names = old.map(({ name }) => name);
      const { body } = await api.post("projects/-/members:batchDelete", { json: { names } });
      // That they are not seen any more is no matter of patience.
      names.forEach(noteFound);
      // A plain answer says nothing of each. A member that could not be removed would keep its access unseen.
      const doubtful = old.filter(
        ({ name, role }) => role === "roles/project.admin" || !proven.has(parentOf(name)) || saysMore(body),
      );
      const left = await stillThere(api, doubtful);
      for (const { name } of doubtful) if (!left.has(name)) proven.add(parentOf(name));
      for (const name of left) proven.delete(parentOf(name));
      return old.map(({ name }) => (left.has(name) ? undefined : true));
    },
    one,
    again: one,
    keyOf: ({ name }) => name,
    kindOf: () => "",
    // Who is gone already may be refused, too.
    isToBlame: (outcome) => outcome !== true,
    isTooNew: () => false,
    isRepeatable: true,
  });
}

/** Whether an answer holds anything, such as errors of single items: how it would name them is not documented. */
const saysMore = (body: string): boolean => !/^\s*(\{\s*\})?\s*$/.test(body);

/** Which of these are seen, or can't be proven to be gone. */
async function stillThere(api: Api, old: readonly OldMember[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    Array.from(
      groupBy(old, ({ name }) => parentOf(name)),
      async ([parent, members]) => {
        const names = members.map(({ name }) => name);
        try {
          const [first = "", ...others] = names;
          if (others.length === 0) return (await isSeen(api, first)) ? names : [];
          const seen = new Set((await listMembers(api, parent)).map(({ name }) => name));
          return names.filter((name) => seen.has(name));
        } catch {
          return names;
        }
      },
    ),
  );
  return new Set(found.flat());
}

async function isSeen(api: Api, name: string): Promise<boolean> {
  try {
    await api.get(name);
    return true;
  } catch (error) {
    if (isNotFound(error) && error.isApiAnswer) return false;
    throw error;
  }
}

/** A membership's creation time, in milliseconds since the epoch; NaN where it is null or 1970, as the API has it for some. */
const bornAt = ({ createTime }: MemberBody): number =>
  Date.parse(createTime) > aYear ? Date.parse(createTime) : NaN;
const aYear = 365 * 24 * 3_600_000;

/** Two seconds: the server's clock is known to the second. */
const isOlder = (body: MemberBody, since: number): boolean => bornAt(body) < toServerTime(since) - 2000;
const isNewer = (body: MemberBody, since: number): boolean => bornAt(body) >= toServerTime(since) - 2000;
