import { organizationAdmin } from "../provider/api/text/roles.js";
import { isAccountEmail } from "./members.js";

/** A person or a service account. */
export interface Member {
  /** The member id in the API, which is the same in every place. Empty if it is not known. */
  readonly id: string;
  /** In canonical spelling. Empty if it is not known. */
  readonly email: string;
  readonly displayName: string;
  readonly kind: "person" | "serviceAccount";
  /** The URN of the resource that will create this account. It has no id and no email yet. */
  readonly resource?: string;
}

/** A project or an organization. */
export interface Place {
  /** The API name, `projects/P` or `organizations/O`. The URN of the resource if a plan only creates the project. */
  readonly name: string;
  /** Empty if it is not known. */
  readonly displayName: string;
  /** The organization of a project. Empty if it is not known, and for an organization. */
  readonly organization: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A membership in the cloud. */
export interface Membership {
  readonly member: Member;
  /** The API name of the place. */
  readonly place: string;
  readonly role: string;
  /** `PENDING`, `EXPIRED` (both about the invitation) or `ACCEPTED`. */
  readonly status: string;
  /** When it was created, in RFC 3339. Empty if the API does not say. */
  readonly since: string;
}

/** A membership that a resource declares. */
export interface Grant {
  /** The URN. */
  readonly resource: string;
  readonly place: string;
  /** The member id. Empty if it is not known, as for a resource that was never created. */
  readonly memberId: string;
  /** The emails of the member: the declared one first, then the one that the membership last had. */
  readonly emails: readonly string[];
  /** The URN of the resource that will create the member's account. */
  readonly account?: string | undefined;
  readonly role: string;
  /** When the access ends, in RFC 3339. Empty: never. */
  readonly until: string;
}

/** Who has access where, and why. */
export interface Access {
  readonly member: Member;
  readonly place: Place;
  /** The role in the cloud. Empty: none. */
  readonly role: string;
  /** The role that a resource declares. Empty: none. */
  readonly declared: string;
  /** The URNs of the resources that declare it. */
  readonly resources: readonly string[];
  /** When the membership was created, in RFC 3339. Empty if the API does not say. */
  readonly since: string;
  /** When the declared access ends, in RFC 3339. Empty: never. */
  readonly until: string;
  /** The organization whose administration gives this access. Empty: the member has the role in the place itself. */
  readonly through: string;
  /** Of the membership in the cloud. */
  readonly status: string;
}

/** Identifies a member across places: by id, or else by email, or else by the resource that will create it. */
export const keyOf = ({ id, email, resource = "" }: Member): string => id || email || resource;

export interface Facts {
  readonly memberships: readonly Membership[];
  readonly grants: readonly Grant[];
  readonly places: readonly Place[];
}

/**
 * Combines what exists and what is declared to one entry for each member and place. An administrator of an organization
 * also has an entry for each known project of the organization, with `through`.
 */
export function effectiveAccess({ memberships, grants, places }: Facts): Access[] {
  const placeNamed = placesByName(places);
  const byMembership = grantsByMembership(grants);
  const used = new Set<Grant>();
  const direct = memberships.map((membership): Access => {
    const declaring = byMembership(membership);
    declaring.forEach((grant) => used.add(grant));
    const [first] = declaring;
    const { member, role, since, status } = membership;
    const place = placeNamed(membership.place);
    return {
      ...{ member, place, role, since, status },
      declared: first?.role ?? "",
      resources: declaring.map(({ resource }) => resource),
      until: first?.until ?? "",
      through: isThroughOrganization(membership) ? place.organization || "its organization" : "",
    };
  });
  const missing = grants
    .filter((grant) => !used.has(grant))
    .map((grant): Access => ({
      member: memberOf(grant, memberships),
      place: placeNamed(grant.place),
      role: "",
      declared: grant.role,
      resources: [grant.resource],
      since: "",
      until: grant.until,
      through: "",
      status: "",
    }));
  return [...direct, ...missing, ...derived(direct, places)];
}

/** Whether a project lists a member only because the member administers the project's organization. */
const isThroughOrganization = ({ place, role }: Pick<Membership, "place" | "role">): boolean =>
  place.startsWith("projects/") && role.startsWith("roles/organization.");

/** What administrators of organizations reach, as far as the lists of the projects do not show it. */
function derived(direct: readonly Access[], places: readonly Place[]): Access[] {
  const key = (place: string, member: Member): string => `${place} ${keyOf(member)}`;
  const listed = new Set(
    direct.filter(({ through }) => through !== "").map(({ place, member }) => key(place.name, member)),
  );
  return direct
    .filter(({ place, role }) => place.name.startsWith("organizations/") && role === organizationAdmin)
    .flatMap((access) =>
      places
        .filter(({ organization }) => organization === access.place.name)
        .filter(({ name }) => !listed.has(key(name, access.member)))
        .map((place): Access => ({
          ...access,
          place,
          declared: "",
          resources: [],
          until: "",
          through: access.place.name,
        })),
    );
}

/** Returns a function that finds a place by its API name. Of a place that is not known, it knows only the name. */
export function placesByName(places: readonly Place[]): (name: string) => Place {
  const byName = new Map(places.map((place) => [place.name, place]));
  return (name) => byName.get(name) ?? { name, displayName: "", organization: "", labels: {} };
}

/** Finds the grants of a membership: by the member's id, or by the email if a grant does not know the id. */
function grantsByMembership(grants: readonly Grant[]): (membership: Membership) => readonly Grant[] {
  const byKey = new Map<string, Grant[]>();
  for (const grant of grants) {
    const keys = grant.memberId === "" ? [...grant.emails, grant.account ?? ""] : [grant.memberId];
    for (const key of new Set(keys)) {
      const named = `${grant.place} ${key}`;
      byKey.set(named, [...(byKey.get(named) ?? []), grant]);
    }
  }
  return (membership) => {
    if (isThroughOrganization(membership)) return [];
    const { member, place } = membership;
    const found = [member.id, member.email, member.resource ?? ""]
      .filter(Boolean)
      .flatMap((key) => byKey.get(`${place} ${key}`) ?? []);
    return [...new Set(found)];
  };
}

/** The member of a grant that is not in the cloud. Another membership of the member tells the name. */
function memberOf({ memberId, emails }: Grant, memberships: readonly Membership[]): Member {
  const [email = ""] = emails;
  const known = memberships.find(({ member }) =>
    memberId === "" ? emails.includes(member.email) : member.id === memberId,
  )?.member;
  const kind = isAccountEmail(email) ? "serviceAccount" : "person";
  return known ?? { id: memberId, email, displayName: "", kind };
}
