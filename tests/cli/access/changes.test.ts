import fc from "fast-check";
import { changesSince, type Snapshot } from "../../../cli/access/changes";

const roles = ["", "roles/project.user", "roles/project.developer", "roles/project.admin"];
const places = ["projects/p", "projects/q", "organizations/o"];

type Entry = Snapshot["access"][number];

const entry = (member: string, place: string, role: string, more: Partial<Entry> = {}): Entry => ({
  ...{ member, email: `${member}@example.com`, place, role, status: "ACCEPTED", through: "" },
  ...more,
});
const snapshot = (more: Partial<Snapshot> = {}): Snapshot => ({
  asOf: "2027-01-01T00:00:00.000Z",
  unread: [],
  places: places.map((name) => ({ name })),
  ...{ members: [], access: [], keys: [] },
  ...more,
});

/** The role of each of three people in each place. */
const anyAccess = fc
  .tuple(
    ...places.flatMap((place) =>
      ["a", "b", "c"].map((member) => fc.constantFrom(...roles).map((role) => entry(member, place, role))),
    ),
  )
  .map((access) => access);
const roleIn = (access: readonly Entry[], { member, place }: Pick<Entry, "member" | "place">): string =>
  access.find((each) => each.member === member && each.place === place)?.role ?? "";

test("Applied to the earlier access, the changes give the present access.", () => {
  fc.assert(
    fc.property(anyAccess, anyAccess, (before, after) => {
      const { access } = changesSince(snapshot({ access: before }), snapshot({ access: after }));
      for (const each of after) {
        const change = access.find(({ member, place }) => member === each.member && place === each.place);
        expect(change?.after ?? roleIn(before, each)).toBe(each.role);
        expect(change?.before ?? roleIn(before, each)).toBe(roleIn(before, each));
        expect(change?.before === change?.after).toBe(change === undefined);
      }
    }),
  );
});

test("Nothing changes between a record and itself, and a change is reversed by exchanging the records.", () => {
  const opposite = {
    new: "gone",
    gone: "new",
    broader: "narrower",
    narrower: "broader",
    different: "different",
  };
  fc.assert(
    fc.property(anyAccess, anyAccess, (before, after) => {
      const [one, other] = [snapshot({ access: before }), snapshot({ access: after })];
      expect(changesSince(one, one).access).toEqual([]);
      const words = (all: ReturnType<typeof changesSince>) =>
        all.access.map(({ change, member, place }) => ({ change, member, place }));
      const back = words(changesSince(other, one)).map((each) => ({
        ...each,
        change: opposite[each.change],
      }));
      expect(new Set(back.map((each) => JSON.stringify(each)))).toEqual(
        new Set(words(changesSince(one, other)).map((each) => JSON.stringify(each))),
      );
    }),
  );
});

test("More access comes first.", () => {
  const before = [
    entry("a", "projects/p", roles[3]!),
    entry("b", "projects/p", roles[1]!),
    entry("c", "projects/p", roles[1]!),
  ];
  const after = [
    entry("a", "projects/p", roles[1]!),
    entry("c", "projects/p", roles[2]!),
    entry("d", "projects/p", roles[1]!),
  ];
  const { access } = changesSince(snapshot({ access: before }), snapshot({ access: after }));
  expect(access.map(({ change }) => change)).toEqual(["new", "broader", "narrower", "gone"]);
});

test("An accepted invitation is no change, even if its member id is another one; neither is a new address.", () => {
  const before = [
    entry("a", "projects/p", roles[1]!, { status: "PENDING" }),
    entry("b", "projects/p", roles[1]!),
  ];
  const after = [
    entry("a2", "projects/p", roles[1]!, { email: "a@example.com" }),
    entry("b", "projects/p", roles[1]!, { email: "b@new.example" }),
  ];
  expect(changesSince(snapshot({ access: before }), snapshot({ access: after })).access).toEqual([]);
});

test("Another member with the same address is another person.", () => {
  const before = [entry("a", "projects/p", roles[1]!)];
  const after = [entry("a2", "projects/p", roles[1]!, { email: "a@example.com" })];
  const { access } = changesSince(snapshot({ access: before }), snapshot({ access: after }));
  expect(access.map(({ change, member }) => [change, member])).toEqual([
    ["new", "a2"],
    ["gone", "a"],
  ]);
});

test("A new administrator of an organization is one change, not one for each project.", () => {
  const admin = "roles/organization.admin";
  const through = { through: "organizations/o" };
  const after = [
    entry("a", "organizations/o", admin),
    entry("a", "projects/p", admin, through),
    entry("a", "projects/q", admin, through),
  ];
  const { access } = changesSince(snapshot(), snapshot({ access: after }));
  expect(access.map(({ place, change }) => [place, change])).toEqual([["organizations/o", "new"]]);
});

test("What one of the two records could not read, or does not cover, is no change, and the changes say so.", () => {
  const account = "projects/q/serviceaccounts/s";
  const key = {
    name: `${account}/keys/k`,
    account,
    createTime: "",
    standing: "declared" as const,
    resources: [],
  };
  const before = snapshot({
    access: [entry("a", "projects/p", roles[1]!), entry("a", "organizations/o", roles[1]!)],
    keys: [key],
  });
  const after = snapshot({
    unread: ["projects/p", `${account}/keys`],
    places: [{ name: "projects/p" }, { name: "projects/q" }, { name: "projects/new" }],
  });
  const { access, keys, notCompared } = changesSince(before, after);
  expect({ access, keys }).toEqual({ access: [], keys: [] });
  expect(notCompared).toEqual([
    { what: "organizations/o", why: "this report does not cover it any more" },
    { what: "projects/new", why: expect.stringMatching(/counts as new/) as string },
    { what: "projects/p", why: "one of the two reports could not read it" },
    { what: `${account}/keys`, why: "one of the two reports could not read it" },
  ]);
});

test("A rotation names both keys, while the previous key still works, too.", () => {
  const account = "projects/p/serviceaccounts/s";
  const keyOf = (id: string, createTime: string) => ({
    ...{ name: `${account}/keys/${id}`, account, createTime, standing: "declared" as const },
    resources: ["urn:key"],
  });
  const [oldest, old, present] = [
    keyOf("c", "2026-01-01"),
    keyOf("b", "2026-06-01"),
    keyOf("a", "2027-01-01"),
  ];
  const changes = (after: Snapshot["keys"]) =>
    changesSince(snapshot({ keys: [oldest, old] }), snapshot({ keys: after })).keys.map(
      ({ change, key, previous }) => [change, key.slice(-1), previous.slice(-1)],
    );
  expect(changes([old, present])).toEqual([
    ["rotated", "a", "b"],
    ["gone", "c", ""],
  ]);
  expect(changes([present])).toEqual([
    ["rotated", "a", "b"],
    ["gone", "c", ""],
  ]);
  expect(changes([oldest, old])).toEqual([]);
});
