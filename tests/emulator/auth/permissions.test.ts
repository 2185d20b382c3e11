import type { Caller } from "../login";
import { idOf, scene, type Scene, withScene } from "../scene";

const roles = [
  "none",
  "project.user",
  "project.operator",
  "project.developer",
  "project.admin",
  "organization.viewer",
  "organization.admin",
] as const;
type Role = (typeof roles)[number];

let made: Scene;
const callers = new Map<Role, Caller>();
const emails = new Map<Role, string>();
beforeAll(async () => {
  made = await scene({ unknowns: { projectOperatorRole: true, organizationViewerRole: true } });
  for (const role of roles) {
    const { call, email } = await made.newAccount(role === "none" ? undefined : role);
    callers.set(role, call);
    emails.set(role, email);
  }
});
afterAll(() => made.emulator.close());

/** A new account with a key, and a new member, for a call that changes or deletes them. */
function fresh(): { account: string; key: string; member: string } {
  const { cloud } = made.emulator;
  const { name: account, email } = cloud.accounts.create({ project: made.project });
  const { name: key } = cloud.keys.create({ account });
  const { name: member } = cloud.members.create({
    scope: made.project,
    email,
    roles: ["roles/project.user"],
  });
  return { account, key, member };
}

/** An empty project in which the callers have their project roles. */
function emptyProject(): string {
  const { cloud } = made.emulator;
  const { name } = cloud.projects.create({ organization: made.organization, displayName: "empty" });
  for (const [given, email] of emails)
    if (given.startsWith("project.")) cloud.members.create({ scope: name, email, roles: [`roles/${given}`] });
  return name;
}

const allRead: readonly Role[] = roles.slice(1);
const admins: readonly Role[] = ["project.admin", "organization.admin"];
const orgReaders: readonly Role[] = ["organization.viewer", "organization.admin"];
const orgAdmin: readonly Role[] = ["organization.admin"];
const role = { roles: ["roles/project.user"] };
const stranger = (): string => `s${Math.random().toString(36).slice(2)}@example.com`;

/** Every call, and the roles that allow it. */
const calls: [name: string, allowed: readonly Role[], run: (call: Caller) => ReturnType<Caller>][] = [
  ["GET project", allRead, (call) => call("GET", made.project)],
  ["PATCH project", admins, (call) => call("PATCH", made.project, { displayName: "Development" })],
  [
    "POST project",
    orgAdmin,
    (call) => call("POST", "projects", { organization: made.organization, displayName: "p" }),
  ],
  ["DELETE project", admins, (call) => call("DELETE", emptyProject())],
  ["label projects", admins, (call) => call("POST", "projects:batchUpdate", { projects: [made.project] })],
  ["list accounts", allRead, (call) => call("GET", `${made.project}/serviceaccounts`)],
  ["GET account", allRead, (call) => call("GET", fresh().account)],
  ["POST account", admins, (call) => call("POST", `${made.project}/serviceaccounts`)],
  ["PATCH account", admins, (call) => call("PATCH", fresh().account, { displayName: "x" })],
  ["DELETE account", admins, (call) => call("DELETE", fresh().account)],
  ["list keys", allRead, (call) => call("GET", `${fresh().account}/keys`)],
  ["GET key", allRead, (call) => call("GET", fresh().key)],
  ["POST key", admins, (call) => call("POST", `${fresh().account}/keys`)],
  ["DELETE key", admins, (call) => call("DELETE", fresh().key)],
  ["list members", allRead, (call) => call("GET", `${made.project}/members`)],
  ["GET member", allRead, (call) => call("GET", fresh().member)],
  ["POST member", admins, (call) => call("POST", `${made.project}/members`, { email: stranger(), ...role })],
  ["PATCH member", admins, (call) => call("PATCH", fresh().member, role)],
  ["DELETE member", admins, (call) => call("DELETE", fresh().member)],
  [
    "batchCreate",
    admins,
    (call) =>
      call("POST", "projects/-/members:batchCreate", {
        members: [{ project: made.project, email: stranger(), ...role }],
      }),
  ],
  [
    "batchDelete",
    admins,
    (call) => call("POST", "projects/-/members:batchDelete", { names: [fresh().member] }),
  ],
  ["GET permissions", allRead, (call) => call("GET", `${made.project}/permissions`)],
  ["GET organization", orgReaders, (call) => call("GET", made.organization)],
  ["list organization members", orgReaders, (call) => call("GET", `${made.organization}/members`)],
  [
    "POST organization member",
    orgAdmin,
    (call) =>
      call("POST", `${made.organization}/members`, {
        email: stranger(),
        roles: ["roles/organization.admin"],
      }),
  ],
  [
    "DELETE organization member",
    orgAdmin,
    (call) => {
      const { cloud } = made.emulator;
      const added = { scope: made.organization, email: stranger(), roles: ["roles/organization.admin"] };
      return call("DELETE", cloud.members.create(added).name);
    },
  ],
  ["GET organization permissions", orgReaders, (call) => call("GET", `${made.organization}/permissions`)],
];

describe.each(calls)("%s", (_name, allowed, run) => {
  test.each(roles)("as %s", async (asked) => {
    const { status } = await run(callers.get(asked)!);
    expect(status).toBe(allowed.includes(asked) ? 200 : 403);
  });
});

test("lists contain only what the caller may see, and everybody sees the roles", () =>
  withScene({ unknowns: { organizationViewerRole: true } }, async ({ newAccount }) => {
    const seen = async (as: string | undefined, path: string): Promise<number[]> => {
      const { call } = await newAccount(as);
      const replies = await Promise.all(path.split(" ").map((list) => call("GET", list)));
      return replies.map(
        ({ body }) => Object.values(body).find((value) => Array.isArray(value))?.length ?? -1,
      );
    };
    const lists = "projects organizations projects/-/members roles";
    expect(await seen(undefined, lists)).toEqual([0, 0, 0, 5]);
    expect(await seen("project.user", lists)).toEqual([1, 0, 1, 5]);
    expect(await seen("project.admin", lists)).toEqual([1, 0, 2, 5]);
    expect(await seen("organization.viewer", lists)).toEqual([4, 1, 2, 5]);
    expect(await seen("organization.admin", lists)).toEqual([4, 1, 2, 5]);
  }));

test("a caller's permissions match the published matrix", async () => {
  const count = async (asked: Role, scope: string): Promise<number> =>
    ((await callers.get(asked)!("GET", `${scope}/permissions`)).body["permissions"] as string[]).length;
  expect(await count("project.user", made.project)).toBe(8);
  expect(await count("project.developer", made.project)).toBe(16);
  expect(await count("project.admin", made.project)).toBe(27);
  expect(await count("organization.admin", made.project)).toBe(27);
  expect(await count("organization.admin", made.organization)).toBe(7);
  const { body } = await made.admin("GET", "roles/organization.admin");
  expect(body).toMatchObject({ name: "roles/organization.admin" });
  expect(body["permissions"]).toHaveLength(30);
});

test("a role in one organization gives no access to another, until the account gets a role there", async () => {
  const { cloud } = made.emulator;
  const { name: organization } = cloud.organizations.create({ displayName: "Client" });
  const { name: project } = cloud.projects.create({ organization, displayName: "Theirs" });
  expect((await made.admin("GET", project)).status).toBe(403);
  const { email } = made.emulator.admin;
  cloud.members.create({ scope: project, email, roles: ["roles/project.user"] });
  expect((await made.admin("GET", project)).status).toBe(200);
  expect((await made.admin("POST", `${project}/serviceaccounts`)).status).toBe(403);
});

test("a pending member has no access, and becomes an accepted member by signing up", async () => {
  const { emulator, project, admin } = made;
  const email = "invited@example.com";
  const { body } = await admin("POST", `${project}/members`, { email, ...role });
  expect(body).toMatchObject({ status: "PENDING", accountType: "USER", displayName: email, email });
  expect(idOf(String(body["name"]))).toMatch(/^\d+$/);
  emulator.cloud.acceptInvitation(email, "Invited Person");
  expect((await admin("GET", String(body["name"]))).body).toMatchObject({
    status: "ACCEPTED",
    displayName: "Invited Person",
  });
});
