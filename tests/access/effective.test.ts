import fc from "fast-check";
import { effectiveAccess, type Grant, type Membership, type Place } from "../../access/effective.js";
import { externalTo } from "../../access/members.js";
import { compareRoles, isBroadening } from "../../access/roles.js";

const ann = { id: "u1", email: "ann@example.com", displayName: "Ann", kind: "person" } as const;
const bob = { id: "u2", email: "bob@example.com", displayName: "Bob", kind: "person" } as const;

const membership = (more: Partial<Membership> = {}): Membership => ({
  member: ann,
  place: "projects/p",
  role: "roles/project.user",
  status: "ACCEPTED",
  since: "",
  ...more,
});
const grant = (more: Partial<Grant> = {}): Grant => ({
  resource: "urn:a",
  place: "projects/p",
  memberId: "u1",
  emails: ["ann@example.com"],
  role: "roles/project.user",
  until: "",
  ...more,
});
const project: Place = {
  name: "projects/p",
  displayName: "Production",
  organization: "organizations/o",
  labels: {},
};

describe("the model of effective access", () => {
  test("an entry states both sides: the role in the cloud and the declared one", () => {
    const entries = effectiveAccess({
      memberships: [membership()],
      grants: [grant({ role: "roles/project.admin", until: "2027-01-01T00:00:00Z" })],
      places: [project],
    });
    expect(entries).toEqual([
      expect.objectContaining({
        member: ann,
        place: project,
        role: "roles/project.user",
        declared: "roles/project.admin",
        until: "2027-01-01T00:00:00Z",
        resources: ["urn:a"],
      }),
    ]);
  });

  test("what is declared and missing has an entry, with the name that another membership tells", () => {
    const elsewhere = membership({ place: "projects/q" });
    const entries = effectiveAccess({ memberships: [elsewhere], grants: [grant()], places: [] });
    expect(entries).toContainEqual(
      expect.objectContaining({ member: ann, role: "", declared: "roles/project.user" }),
    );
  });

  test("another member id with the declared email is another member", () => {
    const other = membership({ member: { ...ann, id: "u9" } });
    const entries = effectiveAccess({ memberships: [other], grants: [grant()], places: [] });
    expect(entries.map(({ member, role, declared }) => [member.id, role, declared])).toEqual([
      ["u9", "roles/project.user", ""],
      ["u1", "", "roles/project.user"],
    ]);
  });

  test("an administrator of the organization reaches its projects, listed there or not, once", () => {
    const admin = { role: "roles/organization.admin" };
    const top = membership({ ...admin, place: "organizations/o" });
    const listed = membership({ ...admin });
    const other: Place = { ...project, name: "projects/q" };
    const all = effectiveAccess({ memberships: [top, listed], grants: [], places: [project, other] });
    expect(all.map(({ place, through }) => [place.name, through])).toEqual([
      ["organizations/o", ""],
      ["projects/p", "organizations/o"],
      ["projects/q", "organizations/o"],
    ]);
  });

  test("no membership and no grant is lost, whatever there is", () => {
    const member = fc.constantFrom(ann, bob, { ...ann, id: "u9" });
    const place = fc.constantFrom("projects/p", "projects/q", "organizations/o");
    const role = fc.constantFrom(
      "roles/project.user",
      "roles/project.admin",
      "roles/organization.admin",
      "x",
    );
    const unique = { selector: (each: Membership) => `${each.place} ${each.member.id}` };
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({ member, place, role }).map((parts) => membership(parts)),
          unique,
        ),
        fc.array(
          fc
            .record({ member, place, role, isKnown: fc.boolean() })
            .map(({ member: who, isKnown, ...rest }) =>
              grant({ ...rest, memberId: isKnown ? who.id : "", emails: [who.email] }),
            ),
        ),
        (memberships, all) => {
          const grants = all.map((each, index) => ({ ...each, resource: `urn:${index}` }));
          const entries = effectiveAccess({ memberships, grants, places: [project] });
          for (const { member, place, role } of memberships) {
            const same = entries.filter((entry) => entry.member === member && entry.place.name === place);
            expect(same.map((entry) => entry.role)).toContain(role);
          }
          expect(new Set(entries.flatMap(({ resources }) => resources))).toEqual(
            new Set(grants.map(({ resource }) => resource)),
          );
        },
      ),
    );
  });
});

describe("what a change of role means", () => {
  test.each([
    ["", "", "same"],
    ["", "roles/project.user", "new"],
    ["roles/project.user", "", "gone"],
    ["roles/project.user", "roles/project.admin", "broader"],
    ["roles/project.admin", "roles/project.developer", "narrower"],
    ["roles/project.admin", "roles/project.inventor", "different"],
    ["roles/project.admin", "roles/organization.admin", "broader"],
  ])("from %j to %j it is %s", (before, after, change) => {
    expect(compareRoles(before, after)).toBe(change);
  });

  test("a role that nobody knows may be broader", () => {
    expect(isBroadening(compareRoles("roles/project.admin", "roles/project.inventor"))).toBe(true);
    expect(isBroadening(compareRoles("roles/project.admin", "roles/project.user"))).toBe(false);
  });
});

test("people of other mail domains are external, and service accounts are not", () => {
  const isExternal = externalTo(["@Example.com"]);
  const addresses = ["ANN@example.com", "ann@sub.example.com", "x@p.serviceaccount.d21s.com", ""];
  expect(addresses.map(isExternal)).toEqual([false, true, false, false]);
});
