import type { Membership, Place } from "../../access/effective.js";
import { parentOf } from "../../provider/api/reads/find.js";
import { isInherited, type MemberBody } from "../../provider/api/bodies/members.js";
import { listMembers } from "../../provider/api/reads/memberLists.js";
import type { Session } from "../../provider/session/session.js";
import { membershipOf } from "../access/factsOf.js";
import { readPlaces } from "../cloud/places.js";
import { listReader, type Progress } from "../cloud/lists.js";
import { readOutsideMemberships } from "../cloud/outsideMemberships.js";
import type { Logins } from "../credentials.js";
import { leaving, providerOf, typeOf, type Step } from "../guard/plan.js";

/** The present state of what a plan touches. */
export interface Present {
  readonly read: ReadonlyMap<string, readonly Membership[]>;
  readonly elsewhere: readonly Membership[];
  readonly places: readonly Place[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}

/** What the preview alone shows. */
export const nothingRead: Present = { read: new Map(), elsewhere: [], places: [], unread: [] };

/**
 * Reads the members of the places that a plan touches, and where the accounts that it deletes have access. The
 * resources of a provider with its own login are read with that.
 */
export async function readPresent(
  steps: readonly Step[],
  { session, byProvider }: Logins,
  progress: Progress,
): Promise<Present> {
  const loginOf = (step: Step): Session => byProvider.get(providerOf(step)) ?? session;
  const parts = await Promise.all(
    [...new Set([session, ...byProvider.values()])].map((login) =>
      readPart(
        steps.filter((step) => loginOf(step) === login),
        login,
        progress,
      ),
    ),
  );
  return {
    read: new Map(parts.flatMap(({ read }) => [...read])),
    elsewhere: parts.flatMap(({ elsewhere }) => elsewhere),
    places: parts.flatMap(({ places }) => places),
    unread: parts.flatMap(({ unread }) => unread),
  };
}

async function readPart(steps: readonly Step[], session: Session, progress: Progress): Promise<Present> {
  const { api } = session;
  const reader = await listReader(progress);
  const touched = placesIn(steps);
  const accounts = leaving(steps.filter((step) => typeOf(step) === "ServiceAccount"));
  const [places, lists, outside] = await Promise.all([
    readPlaces({ session, byProvider: new Map() }),
    Promise.all(
      touched.map(async (place) => ({ place, list: await reader.read(() => listMembers(api, place)) })),
    ),
    readOutsideMemberships(
      api,
      { accounts: accounts.map(({ state }) => state.id), known: new Set(touched), seen: 0 },
      reader,
    ),
  ]);
  const read = lists.flatMap(({ place, list }): [string, Membership[]][] =>
    list.failure === undefined ? [[place, list.items.filter(isDirect).map(membershipOf)]] : [],
  );
  return {
    read: new Map(read),
    elsewhere: outside.memberships.filter(isDirect).map(membershipOf),
    places,
    unread: [
      ...lists.flatMap(({ place, list }) =>
        list.failure === undefined ? [] : [`who has access to ${place} now: ${list.failure.reason}`],
      ),
      ...outside.failures.map(({ list, failure }) => `${list}: ${failure.reason}`),
      ...outside.notLookedAt.map(({ what, why }) => `${what}: ${why}`),
    ],
  };
}

const isDirect = (member: MemberBody): boolean => !isInherited(member);

const scoped = /^(projects|organizations)\/[^/]+$/;

/** The existing projects and organizations whose members the steps may change. */
function placesIn(steps: readonly Step[]): string[] {
  const places = steps
    .filter(({ op }) => op !== "same")
    .flatMap((step) => {
      const { oldState, newState } = step;
      switch (typeOf(step)) {
        case "ProjectRoleBinding":
        case "OrgAdminBinding":
          return [parentOf(oldState?.id ?? ""), newState?.inputs.project, newState?.inputs.organization];
        case "ProjectAccess":
        case "OrganizationAccess":
        case "Project":
          return [oldState?.id];
        default:
          return [];
      }
    });
  return [
    ...new Set(places.filter((place) => typeof place === "string" && scoped.test(place))),
  ].sort() as string[];
}
