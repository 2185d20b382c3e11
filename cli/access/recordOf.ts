import { effectiveAccess, type Access } from "../../access/effective.js";
import { canGrant } from "../../access/roles.js";
import { isOld, isSoon } from "./ending.js";
import { factsOf, unreadPlaces } from "./factsOf.js";
import { membersOf } from "./membersOf.js";
import { keysOf } from "./keysOf.js";
import type { Ingredients } from "./ingredients.js";
import {
  recordSchemaId,
  type AccessRecord,
  type RecordedAccess,
  type RecordedKey,
  type RecordedMember,
  type Summary,
} from "./record.js";
import { accessStandings } from "./standing.js";

/** Records who has access. The findings and their counts are those of `drift`. */
export function recordOf(ingredients: Ingredients): AccessRecord {
  const { report, criteria, asOf, apiUrl, others } = ingredients;
  const { access, places } = accessIn(ingredients);
  const members = membersOf(ingredients, access);
  const keys = keysOf(ingredients);
  const recorded = access.map((each) => recordedAccess(each, ingredients));
  const unread = report.findings.filter(({ class: name, kind }) => name === "unread" && kind === "list");
  return {
    $schema: recordSchemaId,
    schemaVersion: 1,
    project: report.project,
    stack: report.stack,
    asOf: asOf.toISOString(),
    apiUrl,
    criteria,
    summary: summaryOf(ingredients, members, recorded, keys),
    changes: null,
    places: [...places].sort(by(({ name }) => name)),
    members,
    access: recorded.sort(
      by(({ email, place, member, through }) => [email, place, member, through].join(" ")),
    ),
    keys,
    findings: report.findings,
    accepted: report.accepted,
    staleDecisions: report.stale,
    coverage: report.coverage,
    unread: [...new Set([...unread.map(({ id }) => id), ...others.unread])].sort(),
  };
}

type Standed = Access & Pick<RecordedAccess, "standing">;

/** The access in the places that were read, and what administrators of their organizations reach there. */
function accessIn({ comparison, decided, places, others, asOf }: Ingredients) {
  const { inventory, outside, isAccountedFor } = comparison;
  const seen = new Set([
    ...inventory.members.keys(),
    ...[...outside.memberships, ...others.administrators].map(({ name }) => placeOf(name)),
  ]);
  const known = places.filter(({ name }) => seen.has(name));
  const facts = factsOf(comparison, known, others.administrators);
  const standingOf = accessStandings(
    { ...decided, isAccountedFor },
    unreadPlaces(comparison),
    new Set(others.administrators.map(({ name }) => placeOf(name))),
  );
  const access = together(effectiveAccess(facts))
    .filter(isOfInterest(asOf))
    .map((each): Standed => ({
      ...each,
      standing: standingOf(each),
    }));
  const used = new Map(access.map(({ place }) => [place.name, place]));
  return {
    access,
    places: [...new Map([...facts.places.map((place) => [place.name, place] as const), ...used]).values()],
  };
}

/** Access that has ended and does not exist any more is as declared. */
const isOfInterest =
  (asOf: Date) =>
  ({ role, until }: Access): boolean =>
    role !== "" || until === "" || Date.parse(until) > asOf.getTime();

const placeOf = (membership: string): string => membership.split("/").slice(0, 2).join("/");

/** Several resources can declare one membership. */
function together(all: readonly Access[]): Access[] {
  const byKey = new Map<string, Access>();
  for (const access of all) {
    const { member, place, through } = access;
    const key = [place.name, member.id || member.email, through].join(" ");
    const first = byKey.get(key);
    const resources = [...new Set([...(first?.resources ?? []), ...access.resources])].sort();
    byKey.set(key, { ...(first ?? access), resources });
  }
  return [...byKey.values()];
}

function recordedAccess(
  { member, place, role, declared, standing, resources, since, until, through, status }: Standed,
  { decided }: Ingredients,
): RecordedAccess {
  const accepted = standing === "accepted" ? decided.accepted : [];
  const reason = accepted.find(({ id }) => id === `${place.name}/members/${member.id}`)?.reason ?? "";
  return {
    ...{ member: member.id, email: member.email, place: place.name, role, declared, standing },
    ...{ resources, since, until, through, status, reason },
  };
}

function summaryOf(
  { report, criteria, asOf }: Ingredients,
  members: readonly RecordedMember[],
  access: readonly RecordedAccess[],
  keys: readonly RecordedKey[],
): Summary {
  const real = access.filter(({ role }) => role !== "");
  const holders = new Set(real.map(({ member }) => member));
  const people = members.filter(({ id, kind }) => kind === "person" && holders.has(id));
  const granting = real.filter(({ role }) => role.split(",").some(canGrant));
  return {
    result: ({ 0: "clean", 2: "drift", 3: "incomplete" } as const)[report.exitCode],
    counts: report.counts,
    accepted: report.accepted.length,
    people: people.length,
    systems: members.filter(
      ({ kind, standing, id }) =>
        kind === "serviceAccount" && (standing === null ? holders.has(id) : standing !== "missing"),
    ).length,
    administrators: new Set(granting.map(({ member }) => member)).size,
    external:
      criteria.domains.length === 0 ? null : people.filter(({ isExternal }) => isExternal === true).length,
    oldKeys: keys.filter((key) => key.standing !== "missing" && isOld(key.createTime, criteria, asOf)).length,
    endingSoon: real.filter(({ until }) => isSoon(until, criteria, asOf)).length,
    undeclared: report.counts.unmanaged,
  };
}

const by =
  <Item>(key: (item: Item) => string) =>
  (a: Item, b: Item): number =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
