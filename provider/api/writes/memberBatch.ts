import * as v from "valibot";
import { Batch } from "./batch.js";
import { parseAs, type Api } from "../http/client.js";
import { emailOf } from "../text/email.js";
import { mayExist } from "../http/errors.js";
import { parentOf, remove } from "../reads/find.js";
import { MemberBody } from "../bodies/members.js";
import { findMemberByEmail } from "../reads/memberLists.js";
import { isRecentlyCreated, noteFound } from "../http/recentlyCreated.js";
import { Removals, type OldMember } from "./removals.js";
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

interface Batches {
  readonly creations: Batch<NewMember, MemberBody>;
  readonly deletions: Batch<OldMember, boolean>;
  readonly removals: Removals;
}
const batches = new WeakMap<Api, Batches>();

function batchesOf(api: Api): Batches {
  const known = batches.get(api);
  if (known !== undefined) return known;
  const removals = new Removals(api);
  const made = { creations: creations(api), deletions: deletions(api, removals), removals };
  batches.set(api, made);
  return made;
}

/**
 * Adds a member. Those of projects that are added at about the same time go out in one call, and a person gets one mail for all.
 * Whatever comes of it, each is told what a call of its own would have told, such as 409 where it is a member already.
 */
export async function addMemberTogether(api: Api, wanted: NewMember): Promise<MemberBody> {
  if (!isInProject(wanted.parent)) return wanted.post();
  const { creations, removals } = batchesOf(api);
  await removals.checkNow();
  return creations.add(wanted);
}

/** Removes a member, as `remove` does; those of projects that go at about the same time in one call. */
export function removeMemberTogether(api: Api, old: OldMember): Promise<boolean> {
  if (!isInProject(old.name)) return remove(api, old.name);
  const { deletions, removals } = batchesOf(api);
  return removals.during(old.name, () =>
    // One that can't be seen everywhere yet would be passed over in silence.
    isRecentlyCreated(old.name) ? removals.send(() => remove(api, old.name)) : deletions.add(old),
  );
}

const isInProject = (name: string): boolean => name.startsWith("projects/");

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
        // The API refused the batch, but carried it out. From here on, send items one at a time.
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

function deletions(api: Api, removals: Removals): Batch<OldMember, boolean> {
  const one = ({ name }: OldMember) => removals.send(() => remove(api, name));
  return new Batch({
    async all(old) {
      const names = old.map(({ name }) => name);
      const left = await removals.remove(old, async () => {
        const { body } = await api.post("projects/-/members:batchDelete", { json: { names } });
        // A later 404 on one of these is not a delay of the API.
        names.forEach(noteFound);
        return !saysMore(body);
      });
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
    // The first comes alone: its arrival lets the answers go that bring the others.
    quiet: 75,
  });
}

/** Whether an answer holds anything, such as errors of single items: how it would name them is not documented. */
const saysMore = (body: string): boolean => !/^\s*(\{\s*\})?\s*$/.test(body);

/** A membership's creation time, in milliseconds since the epoch; NaN where it is null or 1970, as the API has it for some. */
const bornAt = ({ createTime }: MemberBody): number =>
  Date.parse(createTime) > aYear ? Date.parse(createTime) : NaN;
const aYear = 365 * 24 * 3_600_000;

/** Two seconds: the server's clock is known to the second. */
const isOlder = (body: MemberBody, since: number): boolean => bornAt(body) < toServerTime(since) - 2000;
const isNewer = (body: MemberBody, since: number): boolean => bornAt(body) >= toServerTime(since) - 2000;
