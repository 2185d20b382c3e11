import type { Api } from "../api/http/client.js";
import { Batch } from "../api/writes/batch.js";
import { emailOf } from "../api/text/email.js";
import { idOf, remove } from "../api/reads/find.js";
import type { MemberBody } from "../api/bodies/members.js";
import { listMembers } from "../api/reads/memberLists.js";
import { guardLastAdmin, mayGoTogether, type Overridable } from "../guards/lockout.js";
import { withLock } from "../guards/lock.js";
import { currentName } from "./invitation.js";
import type { Grant, MembershipOutputs } from "./membership.js";

/** An organization's administrator that is to go. */
export interface OldAdmin {
  readonly id: string;
  readonly state: MembershipOutputs & Overridable & Pick<Grant, "member">;
}

/** How many go after one look at the list: what the rate limit lets through at once, so that nobody goes long after the look. */
const most = 24;

/** Whom this process has removed: a list may go on showing them for some seconds. */
export const removedAdmins = new Set<string>();

type Removals = Batch<OldAdmin, true>;
const all = new WeakMap<Api, Map<string, Removals>>();

/**
 * Removes an administrator, unless nobody would be left who can administer the organization. Those who go at about the same time
 * share one look at the list, which nobody else who removes administrators takes meanwhile.
 */
export async function removeAdmin(old: OldAdmin, organization: string, api: Api): Promise<void> {
  await removalsOf(organization, api).add(old);
}

function removalsOf(organization: string, api: Api): Removals {
  const known = all.get(api) ?? new Map<string, Removals>();
  all.set(api, known);
  const removals: Removals = known.get(organization) ?? newRemovals(organization, api);
  known.set(organization, removals);
  return removals;
}

function newRemovals(organization: string, api: Api): Removals {
  const removeNamed = async (name: string): Promise<true> => {
    await remove(api, name);
    removedAdmins.add(name);
    return true;
  };
  // One at a time: two that look at once would each see the other's admin.
  const one = ({ id, state }: OldAdmin): Promise<true> =>
    withLock(organization, async () => {
      // Asked for each by itself: whom the guard judges must be whom we remove.
      const name = await currentName(id, state, api);
      await guardLastAdmin({ ...state, memberId: idOf(name) }, organization, api, removedAdmins);
      return removeNamed(name);
    });
  return new Batch({
    all: (old) =>
      withLock(organization, async () => {
        const listed = await listMembers(api, organization);
        const leaving = old.flatMap((each) => {
          const name = nameIn(listed, each, organization);
          return name === undefined ? [] : [{ old: each, name, allowLockout: each.state.allowLockout }];
        });
        const mayGo = mayGoTogether(leaving, listed, removedAdmins);
        const gone = await Promise.all(
          mayGo.map(async ({ old: each, name }) => ({
            each,
            // Whoever could not be removed is tried by itself, and told why.
            isGone: await removeNamed(name).catch(() => undefined),
          })),
        );
        return old.map((each) => gone.find((one) => one.each === each)?.isGone);
      }),
    one,
    again: one,
    keyOf: ({ id }) => id,
    kindOf: () => "",
    isToBlame: (outcome) => outcome !== true,
    isTooNew: () => false,
    isRepeatable: true,
    most,
  });
}

/** The name of a membership by now, as the list shows it. An accepted invitation may have got another one. */
function nameIn(
  listed: readonly MemberBody[],
  { id, state }: OldAdmin,
  organization: string,
): string | undefined {
  const known = `${organization}/members/${state.memberId || idOf(id)}`;
  const byName = listed.find(({ name }) => name === known);
  const byEmail =
    state.status === "PENDING"
      ? listed.find((body) => emailOf(body) === emailOf({ email: state.member }))
      : undefined;
  return (byName ?? byEmail)?.name;
}
