import { placesByName, type Facts, type Grant, type Membership, type Place } from "../../access/effective.js";
import { isAccountEmail } from "../../access/members.js";
import { emailOf } from "../../provider/api/text/email.js";
import { idOf, parentOf } from "../../provider/api/reads/find.js";
import type { MemberBody } from "../../provider/api/bodies/members.js";
import { organizationAdmin } from "../../provider/api/text/roles.js";
import { endOf } from "../../provider/contract/expiry.js";
import { roleIn } from "../cloud/members.js";
import type { StackComparison } from "../findings/compareWithCloud.js";
import { itemsOf } from "../cloud/lists.js";
import type { Declared, DeclaredMembership } from "../state/declared.js";

type Compared = Pick<StackComparison, "inventory" | "outside" | "present">;

/**
 * The facts about a stack's access, for {@link effectiveAccess}. A declaration of another stack counts if its
 * membership exists, because that stack reports what is missing. `unreadPlaces` has the places whose facts are not
 * complete.
 *
 * @param others memberships that were read in addition to those of the comparison
 */
export function factsOf(
  { inventory, outside, present }: Compared,
  places: readonly Place[],
  others: readonly MemberBody[] = [],
): Facts {
  const bodies = [...itemsOf(inventory.members), ...present.unlisted, ...outside.memberships, ...others];
  const byName = new Map(bodies.map((body) => [body.name, body]));
  const placeNamed = placesByName(places);
  return {
    memberships: [...byName.values()].map(membershipOf),
    grants: [
      ...membershipsIn(present.own).map((declared) => grantOf(declared, byName)),
      ...membershipsIn(present.others)
        .filter(({ name }) => byName.has(name))
        .map((declared) => grantOf(declared, byName)),
    ],
    places: [...new Set([...places, ...[...inventory.members.keys()].map(placeNamed)])],
  };
}

/** The places with declarations whose members could not be read. Nobody knows which memberships are missing there. */
export const unreadPlaces = ({ inventory }: Pick<Compared, "inventory">): ReadonlySet<string> =>
  new Set([...inventory.members].filter(([, { failure }]) => failure !== undefined).map(([place]) => place));

/** Reads a membership from the answer of the API. */
export function membershipOf(body: MemberBody): Membership {
  const email = emailOf(body);
  const isAccount = body.accountType === "SERVICE_ACCOUNT" || isAccountEmail(email);
  return {
    member: {
      ...{ id: idOf(body.name), email, displayName: body.displayName },
      kind: isAccount ? "serviceAccount" : "person",
    },
    place: parentOf(body.name),
    role: roleIn(body),
    status: body.status,
    since: sinceOf(body.createTime),
  };
}

/** The API sends no time for some memberships, or the start of 1970. */
const sinceOf = (createTime: string): string => (Date.parse(createTime) > 0 ? createTime : "");

/** A resource whose access has ended declares none. */
const membershipsIn = (all: readonly Declared[]): DeclaredMembership[] =>
  all.filter((each) => each.kind === "membership").filter(({ hasEnded }) => !hasEnded);

function grantOf(
  { urn, name, addresses, isInvitation, expected, expires }: DeclaredMembership,
  byName: ReadonlyMap<string, MemberBody>,
): Grant {
  const place = parentOf(name);
  const { role } = expected;
  return {
    resource: urn,
    place,
    // An accepted invitation can have another id.
    memberId: isInvitation && !byName.has(name) ? "" : idOf(name),
    emails: addresses,
    // A binding of an organization has no role, because there is only one.
    role: typeof role === "string" ? role : place.startsWith("organizations/") ? organizationAdmin : "",
    until: untilOf(expires),
  };
}

/**
 * When access ends, in RFC 3339. Empty: never. Another version may have written the state, so a value that this version
 * can't read counts as no end.
 */
export function untilOf(expires: string | undefined): string {
  try {
    return expires === undefined ? "" : endOf(expires).toISOString();
  } catch {
    return "";
  }
}
