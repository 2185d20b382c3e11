import type { Api } from "../api/http/client.js";
import { Batch } from "../api/writes/batch.js";
import { canonicalEmail, emailOf } from "../api/text/email.js";
import { idOf, remove } from "../api/reads/find.js";
import type { MemberBody } from "../api/bodies/members.js";
import { listMembers } from "../api/reads/memberLists.js";
import { guardLastAdmin, isWorkingAdmin, type Overridable } from "../guards/lockout.js";
import { withLock } from "../guards/lock.js";
import { currentName } from "./invitation.js";
import type { Grant, MembershipOutputs } from "./membershipOutputs.js";

/** An administrator of an organization to remove. */
export interface OldAdmin {
  readonly id: string;
  readonly state: MembershipOutputs & Overridable & Pick<Grant, "member">;
}

/** How many are removed after one read of the list. The rate limit lets this number through at once, so the list is still fresh. */
const most = 24;

/** Names of the administrators that this process has removed. A list may still show them for some seconds. */
export const removedAdmins = new Set<string>();

type Removals = Batch<OldAdmin, true>;
const all = new WeakMap<Api, Map<string, Removals>>();

/**
 * Removes an administrator, unless nobody would be left who can administer the organization. Removals at about the same time share
 * one read of the list. A lock keeps other processes from removing administrators meanwhile.
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
      // Read for each one separately: the guard must check the same member that is removed.
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
            // A removal that failed is tried again by itself, which reports the reason.
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

/** The present name of a membership in the list. An accepted invitation may have another name. */
function nameIn(
  listed: readonly MemberBody[],
  { id, state }: OldAdmin,
  organization: string,
): string | undefined {
  const known = `${organization}/members/${state.memberId || idOf(id)}`;
  const byName = listed.find(({ name }) => name === known);
  const byEmail =
    state.status === "PENDING"
      ? listed.find((body) => emailOf(body) === canonicalEmail(state.member))
      : undefined;
  return (byName ?? byEmail)?.name;
}

/**
 * Those of `leaving` that may go while somebody else in the list still administers the organization. Each is judged as if those
 * before it were gone. Cases that the list leaves open, such as the last administrator, are left to {@link guardLastAdmin}.
 *
 * @param removed names of those that we know to be gone, whatever a list still shows
 */
function mayGoTogether<Leaving extends Overridable & { readonly name: string }>(
  leaving: readonly Leaving[],
  listed: readonly MemberBody[],
  removed: ReadonlySet<string>,
): Leaving[] {
  const working = new Set(listed.filter(isWorkingAdmin).map(({ name }) => name));
  for (const name of removed) working.delete(name);
  return leaving.filter(({ name, allowLockout }) => {
    const isLast = working.size - (working.has(name) ? 1 : 0) === 0;
    if (isLast && allowLockout !== true) return false;
    working.delete(name);
    return true;
  });
}
