import { compareRoles, type RoleChange } from "../../access/roles.js";
import type {
  AccessChange,
  AccessRecord,
  AccountChange,
  Changes,
  KeyChange,
  RecordedAccess,
  RecordedKey,
  RecordedMember,
  RecordedPlace,
} from "./record.js";

/** The parts of a record that a later one is compared with. */
export interface Snapshot extends Pick<AccessRecord, "asOf" | "unread"> {
  readonly places: readonly Pick<RecordedPlace, "name">[];
  readonly members: readonly Pick<RecordedMember, "id" | "email" | "displayName" | "account" | "standing">[];
  readonly access: readonly Pick<
    RecordedAccess,
    "member" | "email" | "place" | "role" | "status" | "through"
  >[];
  readonly keys: readonly Pick<RecordedKey, "name" | "account" | "createTime" | "standing" | "resources">[];
}

/** Compares two records. Access through the administration of an organization is compared only in the organization. */
export function changesSince(before: Snapshot, after: Snapshot): Changes {
  const covered = coverageOf(before, after);
  return {
    since: before.asOf,
    access: accessChanges(before, after, covered.isCompared),
    keys: keyChanges(before, after, covered.isCompared),
    accounts: accountChanges(before, after, covered.isCompared),
    notCompared: covered.notCompared,
  };
}

type Entry = Snapshot["access"][number];

function accessChanges(before: Snapshot, after: Snapshot, isCompared: (name: string) => boolean) {
  const real = ({ access }: Snapshot): Entry[] =>
    access.filter(({ place, role, through }) => role !== "" && through === "" && isCompared(place));
  const [old, present] = [real(before), real(after)];
  const idOf = ({ place, member }: Entry): string => `${place} ${member}`;
  const addressOf = ({ place, email }: Entry): string => `${place} ${email}`;
  const presentIds = new Set(present.map(idOf));
  const byId = new Map(old.map((entry) => [idOf(entry), entry]));
  // An accepted invitation can have another member id.
  const byAddress = new Map(
    old
      .filter((entry) => entry.status === "PENDING" && !presentIds.has(idOf(entry)))
      .map((entry) => [addressOf(entry), entry]),
  );
  const used = new Set<Entry>();
  const pairs = present.map((entry): [Entry | undefined, Entry] => {
    const earlier = byId.get(idOf(entry)) ?? byAddress.get(addressOf(entry));
    if (earlier !== undefined) used.add(earlier);
    return [earlier, entry];
  });
  const names = new Map(
    [...before.members, ...after.members].map((member) => [member.id, member.displayName]),
  );
  return [
    ...pairs.map(([earlier, entry]) => changeOf(entry, earlier?.role ?? "", entry.role, names)),
    ...old.filter((entry) => !used.has(entry)).map((entry) => changeOf(entry, entry.role, "", names)),
  ]
    .filter((each) => each !== undefined)
    .sort(
      (a, b) =>
        order.indexOf(a.change) - order.indexOf(b.change) || inOrder([a.email, a.place], [b.email, b.place]),
    );
}

/** More access comes first. */
const order: readonly RoleChange[] = ["new", "broader", "different", "narrower", "gone"];

function changeOf(
  { member, email, place }: Entry,
  before: string,
  after: string,
  names: ReadonlyMap<string, string>,
): AccessChange | undefined {
  const change = compareRoles(before, after);
  if (change === "same") return undefined;
  return { change, member, email, displayName: names.get(member) ?? "", place, before, after };
}

function keyChanges(before: Snapshot, after: Snapshot, isCompared: (name: string) => boolean): KeyChange[] {
  const real = ({ keys }: Snapshot) =>
    keys.filter(({ account, standing }) => standing !== "missing" && isCompared(`${account}/keys`));
  const [old, present] = [real(before), real(after)];
  const [oldNames, names] = [new Set(old.map(({ name }) => name)), new Set(present.map(({ name }) => name))];
  // A rotation keeps the resource, and changes its key.
  const byAge = [...old].sort((a, b) => inOrder([a.createTime], [b.createTime]));
  const byResource = new Map(byAge.flatMap(({ name, resources }) => resources.map((urn) => [urn, name])));
  const added = present
    .filter(({ name }) => !oldNames.has(name))
    .map(({ name, account, resources }): KeyChange => {
      const previous = resources.flatMap((urn) => byResource.get(urn) ?? [])[0] ?? "";
      return { change: previous === "" ? "new" : "rotated", key: name, account, previous };
    });
  const replaced = new Set(added.map(({ previous }) => previous));
  const gone = old
    .filter(({ name }) => !names.has(name) && !replaced.has(name))
    .map(({ name, account }): KeyChange => ({ change: "gone", key: name, account, previous: "" }));
  const byName = (a: KeyChange, b: KeyChange): number => inOrder([a.key], [b.key]);
  return [...added.sort(byName), ...gone.sort(byName)];
}

function accountChanges(
  before: Snapshot,
  after: Snapshot,
  isCompared: (name: string) => boolean,
): AccountChange[] {
  const real = ({ members }: Snapshot) =>
    new Map(
      members
        .filter(({ account, standing }) => account !== "" && standing !== "missing" && isCompared(account))
        .map(({ account, displayName }) => [account, displayName]),
    );
  const [old, present] = [real(before), real(after)];
  return [...new Set([...old.keys(), ...present.keys()])].sort().flatMap((account): AccountChange[] => {
    const [earlier, displayName] = [old.get(account), present.get(account)];
    if (earlier === displayName) return [];
    const change = earlier === undefined ? "new" : displayName === undefined ? "gone" : "renamed";
    return [{ change, account, displayName: displayName ?? earlier ?? "", before: earlier ?? "" }];
  });
}

/** Says which places both records cover completely. */
function coverageOf(before: Snapshot, after: Snapshot) {
  const names = ({ places }: Snapshot): Set<string> => new Set(places.map(({ name }) => name));
  const [old, present] = [names(before), names(after)];
  const unread = new Set([...before.unread, ...after.unread]);
  const uncovered = new Set([...old].filter((name) => !present.has(name)));
  /** Whether nothing about an object, or about what contains it, is unknown. */
  const isCompared = (name: string): boolean =>
    [name, ...parentsOf(name)].every((each) => !unread.has(each) && !uncovered.has(each));
  return {
    isCompared,
    notCompared: [
      ...[...unread].map((what) => ({ what, why: "one of the two reports could not read it" })),
      ...[...uncovered]
        .filter((what) => !unread.has(what))
        .map((what) => ({ what, why: "this report does not cover it any more" })),
      ...[...present]
        .filter((name) => !old.has(name) && !unread.has(name))
        .map((what) => ({
          what,
          why: "the earlier report does not cover it, so everything there counts as new",
        })),
    ].sort((a, b) => inOrder([a.what], [b.what])),
  };
}

/** The names of everything that contains an object, such as `projects/P` for `projects/P/serviceaccounts/S/keys`. */
function parentsOf(name: string): string[] {
  const parts = name.split("/");
  return Array.from({ length: Math.floor((parts.length - 1) / 2) }, (_, index) =>
    parts.slice(0, 2 * index + 2).join("/"),
  );
}

function inOrder(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((text, at) => text !== b[at]);
  return index < 0 ? 0 : (a[index] ?? "") < (b[index] ?? "") ? -1 : 1;
}
